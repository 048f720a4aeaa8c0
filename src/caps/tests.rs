use std::task::{Context, Poll, Waker};

use super::*;
use crate::feature::{Feature, Requirement};
use crate::knowledge::Knowledge;
use crate::revision::{Counter, Revisions};

#[test]
fn three_answers() {
    let caps = Caps::at(33);
    assert!(caps.check(Feature::SystemMessage).is_supported());
    assert!(caps.check(Feature::BotTokenRotation).is_unsupported());
    assert!(Caps::unknown().check(Feature::SystemMessage).is_unknown());
}

#[test]
fn rest_32_is_two_portals() {
    let caps = Caps::at(32);
    assert!(caps.check(Feature::ImbotV2ChatMessageSend).is_unknown());
    assert!(caps.with_imbot_v2().supports(Feature::ImbotV2ChatMessageSend));
    assert!(
        caps.without_imbot_v2()
            .check(Feature::ImbotV2ChatMessageSend)
            .is_unsupported()
    );
    // Not known, but no imbot.v2 changes it.
    assert!(caps.check(Feature::SystemMessage).is_unsupported());
}

#[test]
fn im_revision_proves_no_imbot_method() {
    let im = Knowledge::from_im_revision_get(&Revisions::rest_only(33));
    assert!(Caps::new(im).check(Feature::SystemMessage).is_unknown());
    let none = im.intersect(&Knowledge::imbot_v2_absent()).unwrap();
    assert!(Caps::new(none).check(Feature::SystemMessage).is_unsupported());
    // An imbot older than Revision.get beside an im that says 33.
    let early = im
        .intersect(&Knowledge::imbot_v2_exists())
        .and_then(|known| known.intersect(&Knowledge::revision_get_absent()))
        .unwrap();
    let caps = Caps::new(early);
    assert!(caps.supports(Feature::ImbotV2ChatMessageSend));
    let error = caps.require(Feature::SystemMessage).unwrap_err();
    assert_eq!(error.cause(), Cause::NoImbotV2);
    assert!(error.to_string().contains("module imbot to 26.100.0"), "{error}");
}

#[test]
fn policies_for_the_unknown() {
    let unknown = Caps::unknown();
    let rotation = Feature::BotTokenRotation;
    assert!(!unknown.supports(rotation));
    assert!(unknown.on_unknown(OnUnknown::Allow).supports(rotation));
    assert!(
        unknown
            .on_unknown(OnUnknown::AssumeAtLeast(35))
            .supports(rotation)
    );
    assert!(
        !unknown
            .on_unknown(OnUnknown::AssumeAtLeast(34))
            .supports(rotation)
    );
    // What was removed is not assumed to be there.
    assert!(
        !unknown
            .on_unknown(OnUnknown::AssumeAtLeast(35))
            .supports(Feature::BotAppId)
    );
    // No policy overrules what is known, and none hides it from `check`.
    for policy in [OnUnknown::Deny, OnUnknown::Allow, OnUnknown::AssumeAtLeast(36)] {
        assert!(!Caps::at(34).on_unknown(policy).supports(rotation), "{policy:?}");
        assert!(Caps::at(35).on_unknown(policy).supports(rotation), "{policy:?}");
        assert!(
            unknown.on_unknown(policy).check(rotation).is_unknown(),
            "{policy:?}"
        );
    }
    let absent = Caps::new(Knowledge::imbot_v2_absent()).on_unknown(OnUnknown::AssumeAtLeast(36));
    assert!(!absent.supports(rotation));
}

#[test]
fn cap_limits_choices_and_sets() {
    let caps = Caps::at(36).capped(32);
    assert!(!caps.supports(Feature::SystemMessage));
    assert_eq!(caps.choose(Feature::SystemMessage, || "new", || "old"), "old");
    assert_eq!(caps.features(), Caps::at(32).with_imbot_v2().features());
    assert!(!Caps::at(36).capped(31).supports(Feature::ImbotV2ChatMessageSend));
}

#[test]
fn choose_builds_only_chosen_branch() {
    let never = || -> &'static str { panic!("built the other one") };
    assert_eq!(
        Caps::at(33).choose(Feature::SystemMessage, || "new", never),
        "new"
    );
    assert_eq!(
        Caps::at(32).choose(Feature::SystemMessage, never, || "old"),
        "old"
    );

    let never = || -> std::future::Ready<u8> { panic!("built the other one") };
    let caps = Caps::at(33);
    let mut chosen =
        std::pin::pin!(caps.choose_async(Feature::SystemMessage, || std::future::ready(1), never));
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(chosen.as_mut().poll(&mut context), Poll::Ready(1));
}

#[test]
fn ladders() {
    let rungs = [
        (Feature::BotTokenRotation, 35),
        (Feature::SystemMessage, 33),
        (Feature::ImMessageAdd, 18),
    ];
    assert_eq!(Caps::at(36).best(rungs), Some(35));
    assert_eq!(Caps::at(34).best(rungs), Some(33));
    assert_eq!(Caps::at(30).best(rungs), Some(18));
    assert_eq!(Caps::unknown().best(rungs), None);
}

#[test]
fn own_requirements_work_like_features() {
    const VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2().until(40);
    for (rest, there) in [(36, false), (37, true), (39, true), (40, false)] {
        assert_eq!(Caps::at(rest).supports(VOICE), there, "{rest}");
        let borrowed: &Requirement = &VOICE;
        assert_eq!(Caps::at(rest).supports(borrowed), there, "{rest}");
    }
    let error = Caps::at(40).require(VOICE).unwrap_err();
    assert_eq!(error.cause(), Cause::Removed);
    assert_eq!(
        error.to_string(),
        "`acme.voice` needs REST revision 37 to 39 and the imbot.v2 API; this portal has REST revision 40 (set by the \
         program), imbot.v2. It was removed and will not come back"
    );
    let mut sides = Vec::new();
    Caps::for_each_side(VOICE, |caps| {
        sides.push((caps.knowledge().rest(), caps.supports(VOICE)))
    });
    assert_eq!(
        sides,
        [
            (Some(36), false),
            (Some(37), true),
            (Some(39), true),
            (Some(40), false)
        ]
    );
    for never in [VOICE.until(0), VOICE.until(37)] {
        assert!(!(0..60).any(|rest| Caps::at(rest).supports(never)), "{never}");
        assert!(Caps::unknown().check(never).is_unsupported(), "{never}");
        assert!(
            never.to_string().contains("cannot be") && never.since() == Some(37),
            "{never}"
        );
    }
}

#[test]
fn boundaries_on_other_axes() {
    let desktop = Requirement::on("acme.desktop", Counter::Desktop, 6).and_imbot_v2();
    assert!(Caps::just_below(desktop).check(desktop).is_unsupported());
    assert!(Caps::just_at(desktop).check(desktop).is_supported());
    let api = Requirement::imbot_v2("acme.any");
    assert!(Caps::just_below(api).check(api).is_unsupported());
    assert!(Caps::just_at(api).check(api).is_supported());
}

#[test]
fn errors_say_what_to_do() {
    let error = Caps::at(32)
        .with_imbot_v2()
        .require(Feature::SystemMessage)
        .unwrap_err();
    assert_eq!(
        (error.cause(), error.feature()),
        (Cause::TooOld, Some(Feature::SystemMessage))
    );
    let text = error.to_string();
    for part in [
        "`message.system` (",
        "needs REST revision 33 or newer and the imbot.v2 API",
        "this portal has REST revision 32 (set by the program), imbot.v2 without Revision.get",
        "Update the portal's modules im to 26.300.0 or newer and imbot to 26.100.0 or newer",
        "Meanwhile: ",
        "https://github.com/bitrix24/b24restdocs/",
    ] {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
    // No module version is known for 34 and 36: the day of publication is.
    let text = Caps::at(35)
        .require(Feature::BotTokenLengthLimit)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("newer than 2026-05-06, when revision 36 was published"),
        "{text}"
    );
    assert!(text.contains("Beware: "), "{text}");

    // A newer im beside an imbot without the API: im is not the one to update.
    let skewed = Knowledge::pinned(36).without_imbot_v2();
    let text = Caps::new(skewed)
        .require(Feature::BotTokenRotation)
        .unwrap_err()
        .to_string();
    assert!(text.contains("module imbot to 26.150.0 or newer"), "{text}");
    let text = Caps::new(skewed)
        .require(Feature::ImbotV2BotList)
        .unwrap_err()
        .to_string();
    assert!(text.contains("module imbot to 26.50.0 or newer"), "{text}");
    // Of older revisions a copy with a date is known.
    let text = Caps::at(27)
        .require(Feature::KeyboardAction)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("module im to a build of 2020-12-27 or newer"),
        "{text}"
    );
    // Nobody should update a portal in order to get what leaks a secret.
    let text = Caps::at(30).require(Feature::BotAppId).unwrap_err().to_string();
    assert!(
        text.contains("Do not update for it") && !text.contains("Beware"),
        "{text}"
    );
    // A requirement of the user's own is not the row whose id it happens to have.
    let own = Requirement::rest("message.system", 40);
    let text = Caps::at(36).require(own).unwrap_err().to_string();
    assert!(!text.contains("26.300.0") && !text.contains("booleans"), "{text}");
    // Asked without the scopes, it told that the API is there, and no number.
    let half = Caps::new(Knowledge::revision_get_exists());
    let text = half.require(Feature::BotTokenRotation).unwrap_err().to_string();
    assert!(text.contains("scopes imbot and im"), "{text}");
    // The harm that a removed thing did is past.
    let text = Caps::at(35).require(Feature::BotAppId).unwrap_err().to_string();
    assert!(text.contains("was removed") && !text.contains("Beware"), "{text}");

    let error = Caps::unknown().require(Feature::SystemMessage).unwrap_err();
    assert_eq!(error.cause(), Cause::NotKnown);
    assert!(
        error
            .to_string()
            .contains("Ask the portal for its revision first"),
        "{error}"
    );
    let Support::Unknown(unknown) = Caps::unknown().check(Feature::SystemMessage) else {
        panic!();
    };
    assert_eq!(unknown.to_string(), error.to_string());
    assert_eq!(Unsupported::from(unknown).cause(), Cause::NotKnown);
}

#[test]
fn snapshots_are_plain_values() {
    fn is_plain<T: Copy + Send + Sync + 'static>() {}
    is_plain::<Caps>();
    assert!(size_of::<Caps>() <= 64, "{}", size_of::<Caps>());
    let text = format!("{:?}", Caps::at(33));
    assert!(
        text.contains("REST revision 33") && text.contains("Documented"),
        "{text}"
    );
}
