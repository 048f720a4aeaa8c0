//! The short way to a plan and the long one lead to the same: what is known to ask for
//! nothing is passed over, and what no change has touched is not looked at again.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use super::properties::{URL, any_batch, any_call, portals};
use super::*;
use crate::table::path::{Path, Prefilter};
use crate::table::{Date, Table};

/// Rows that bring each other in, and more of them than there are bits.
static OVERLAY: LazyLock<&'static Table> = LazyLock::new(|| {
    let row = |id: &str, rest: u16, request: &[&str], rest_of_applies: &str, shim: &str| {
        format!(
            "[[feature]]\nid = \"acme.{id}\"\ntitle = \"{id}\"\nkind = \"new\"\nrequires = {{ rest = {rest} }}\n\
             applies = {{ methods = [\"imbot.v2.Chat.Message.send\", \"imbot.v2.Command.register\", \
             \"imbot.v2.Chat.update\", \"imbot.message.add\"], request = {request:?}{rest_of_applies} }}\n\
             fallback = {{ shim = \"{shim}\", note = \"so\" }}\nsource = \"https://acme.example\"\n\
             confidence = \"inferred\"\n\n"
        )
    };
    let many: Vec<String> = (0..70).map(|nth| format!("fields.many{nth}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["fields.hidden"]).collect();
    let title = ["fields.title.<lang>", "title.<lang>"];
    let rows = [
        row(
            "empty",
            34,
            &["fields", "fields.title"],
            ", value = \"empty\"",
            "omit",
        ),
        row("null", 36, &title, ", value = \"null\"", "omit"),
        row(
            "text",
            35,
            &["fields.hidden", "fields.title"],
            ", value = \"text\"",
            "omit",
        ),
        row("any", 36, &["fields.hidden", "fields.system"], "", "yes-no"),
        row(
            "both",
            34,
            &["fields.color", "color", "fields.hidden"],
            "",
            "both-forms",
        ),
        row(
            "spelling",
            35,
            &["color"],
            ", value = \"respelt\", values = [\"LIGHT_BLUE\"]",
            "spelling",
        ),
        row("lower", 36, &title, ", value = \"capital-key\"", "lower-keys"),
        row("many", 35, &many, ", value = \"boolean\"", "yes-no"),
        row(
            "late",
            33,
            &["fields.many69", "fields.many3"],
            ", value = \"string\"",
            "omit",
        ),
    ];
    let text = format!(
        "title = \"acme\"\nversion = \"1.0.0\"\nrequires = \"^2\"\n\n{}",
        rows.concat()
    );
    Table::builtin().with_overlay(&text).unwrap().leak()
});

/// All that a plan says.
fn told(call: &Call, plan: &Plan) -> String {
    match plan {
        Plan::Pass { noted } => format!("{noted:?}"),
        Plan::Refuse(refused) => format!("{refused} {:?}", refused.reason()),
        Plan::Adapt(adapted) => {
            let ends: Vec<_> = adapted.changes().iter().map(|own| (own.at(), own.to())).collect();
            let sent = shown(adapted.call(call));
            format!(
                "{sent} {adapted:?} {ends:?} {:?} {:?}",
                adapted.unapplied(),
                adapted.reply
            )
        }
    }
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let modes = || select(vec![Mode::Adapt, Mode::Reject, Mode::Observe, Mode::Off]);
    let ids: Vec<&'static str> = OVERLAY.rows().map(|row| row.id()).collect();
    let rows = prop::collection::vec((select(ids), modes()), 0..30);
    prop_oneof![2 => Just(Policy::default()), 1 => modes().prop_map(Policy::new), 2 => rows.prop_map(|rows| {
        rows.into_iter().fold(Policy::default(), |policy, (id, mode)| policy.row(id, mode))
    })]
}

/// Days before and after those of the table.
fn any_day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of(
        (2026u16..2028, 1u8..13, 1u8..29).prop_map(|(year, month, day)| Date { year, month, day }),
    )
}

/// Rows that replies have contradicted; most portals have none.
fn contradictions() -> impl Strategy<Value = Vec<&'static str>> {
    let ids: Vec<&'static str> = OVERLAY.rows().map(|row| row.id()).collect();
    let some = prop::collection::vec(select(ids), 1..6);
    prop_oneof![3 => Just(Vec::new()), 1 => some]
}

fn fields_of_the_overlay() -> impl Strategy<Value = Call> {
    let names = ["hidden", "title", "color", "many69", "TITLE"];
    let value = select(vec![
        json!(true),
        json!("Y"),
        json!("yes"),
        json!("lightBlue"),
        json!({"EN": null, "De": "x"}),
        json!({"en": null}),
        json!({"EN": "x", "en": "y", "eN": null}),
        json!([]),
    ]);
    let methods = select(vec![
        "imbot.v2.Chat.Message.send",
        "imbot.v2.Command.register",
        "imbot.message.add",
    ]);
    let members = || prop::collection::vec((select(names.to_vec()), value.clone()), 0..5);
    (methods, members(), members()).prop_map(|(method, inner, outer)| {
        let object = |members: Vec<(&str, Value)>| {
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
        };
        let mut params = object(outer);
        params.insert("fields".to_owned(), object(inner).into());
        Call::with_params(method, params)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fast_and_full_plans_agree(
        call in prop_oneof![3 => any_call(), 2 => any_batch(), 3 => fields_of_the_overlay()],
        policy in any_policy(),
        day in any_day(),
        contradicted in contradictions(),
        has_overlay in any::<bool>(),
    ) {
        for caps in portals() {
            let caps = if has_overlay { caps.with_table(*OVERLAY) } else { caps };
            let mut planner = Planner::new(&caps, &policy).contradicted(&contradicted).webhook_url(Some(URL));
            if let Some(day) = day {
                planner = planner.today(day);
            }
            let mut thorough = planner;
            thorough.context.is_thorough = true;
            prop_assert_eq!(
                told(&call, &planner.decide(&call)),
                told(&call, &thorough.decide(&call)),
                "{} at {:?}", shown(&call), caps
            );
        }
    }

    /// A null that is left out leaves a title empty, and what is empty is left out.
    #[test]
    fn both_paths_see_follow_up_changes(call in fields_of_the_overlay()) {
        let policy = Policy::default();
        for caps in [at_32(), Caps::at(34), Caps::at(35), Caps::at(30), Caps::unknown()] {
            let caps = caps.with_table(*OVERLAY);
            let planner = Planner::new(&caps, &policy);
            let mut thorough = planner;
            thorough.context.is_thorough = true;
            prop_assert_eq!(told(&call, &planner.decide(&call)), told(&call, &thorough.decide(&call)));
        }
    }

    #[test]
    fn hint_allows_present_parameters(call in prop_oneof![any_call(), fields_of_the_overlay()]) {
        let there = Prefilter::of(call.params());
        for place in OVERLAY.index().paths() {
            let holds = place.path.holds(call.params(), |_, _| true);
            prop_assert!(!holds || there.allows(place.needed), "{} of {}", place.text, shown(&call));
            prop_assert_eq!(&place.path, &Path::new(&place.text));
        }
    }
}

#[test]
fn nested_batches_do_not_overflow_stack() {
    let deep = "batch?cmd[]=".repeat(20_000) + "imbot.register";
    let call = Call::new("batch").with("cmd", json!([deep]));
    let (caps, policy) = (Caps::at(30), Policy::default());
    let planner = Planner::new(&caps, &policy);
    assert!(
        planner.decide(&call).is_pass(),
        "no row is about what no portal runs"
    );
    assert_eq!(planner.rows_of(&call), [""; 0]);
    let shallow = Call::new("batch").with("cmd", json!(["batch?cmd[]=imbot.v2.Bot.register"]));
    assert!(!planner.rows_of(&shallow).is_empty());
}
