//! Rules of revisions, of releases and of their sources.

use super::*;

#[test]
fn unreleased_revision() {
    breaks(
        "rest = 33, api",
        "rest = 37, api",
        "unreleased",
        "line 52, column 12, row `a.b`: REST revision 37 is above the newest release, 36 [unreleased]; correct the \
         revision, or add the [[release]]",
    );
}

#[test]
fn below_every_release() {
    breaks(
        "rest = 33, api",
        "rest = 31, api",
        "ranges-no-release",
        "line 52, column 12, row `a.b`: REST revision 31 is below the oldest release, 32: every portal has it \
         [ranges-no-release]; correct the revision, or leave the counter out",
    );
}

#[test]
fn release_order() {
    let text = format!("{HEAD}{ROW}")
        .replace("rest = 32\nim =", "rest = 36\nim =")
        .replace(
            "rest = 33, api = \"imbot.v2\" }",
            "rest = 36, api = \"imbot.v2\" }\nmodules = { im = \">=23.1600.100\" }",
        );
    breaks_in(
        &text,
        "release-order",
        "line 43, column 8, row `36`: release 36 follows 36 [release-order]; list releases once each, lowest revision \
         first",
    );
}

#[test]
fn release_versions() {
    breaks(
        "last = \"26.274.0\"",
        "last = \"23.1500.0\"",
        "release-versions",
        "line 38, column 6, row `32`: the versions 23.1600.100 to 23.1500.0 are out of order [release-versions]; \
         `first` is at most `last`, and both are above those of lower revisions",
    );
}

#[test]
fn imbot_v2_order() {
    breaks(
        "present = \"26.50.0\"",
        "present = \"26.0.0\"",
        "imbot-v2-order",
        "line 1, column 1, row `imbot_v2`: the versions of [imbot_v2] are out of order [imbot-v2-order]; absent < \
         present <= revision_get_absent < revision_get",
    );
}

#[test]
fn cloud_domain_form() {
    for wrong in [
        "com",
        "*.acme.com",
        ".acme.com",
        "acme.com.",
        "Acme.com",
        "https://acme.com",
        "acme.com:8443",
        "a..com",
        "акме.рф",
    ] {
        let cloud = format!("[[cloud]]\ndomains = [\"{wrong}\"]\nsource = \"docs:c\"\n\n[[source]]");
        breaks(
            "[[source]]",
            &cloud,
            "cloud-domain",
            &format!(
                "line 15, column 11, row `{wrong}`: \"{wrong}\" is no domain [cloud-domain]; write two labels or more, \
                 in lower case, such as \"bitrix24.com\""
            ),
        );
    }
}

#[test]
fn duplicate_cloud_domain() {
    let twice = "duplicate-cloud-domain";
    let overlay = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\
         [[cloud]]\ndomains = [\"bitrix24.com\"]\nsource = \"https://example.com/\"\n";
    let found = problems(Table::builtin().with_overlay(overlay));
    assert!(matches!(&*found, [(rule, _)] if *rule == twice), "{found:?}");
    breaks(
        "[[source]]",
        "[[cloud]]\ndomains = [\"acme.com\", \"acme.com\"]\nsource = \"docs:c\"\n\n[[source]]",
        twice,
        "line 15, column 11, row `acme.com`: the domain `acme.com` is listed twice [duplicate-cloud-domain]; rename \
         one of the two; the other is row `acme.com`",
    );
}

#[test]
fn duplicate_source() {
    breaks(
        "[[change]]",
        "[[source]]\nid = \"docs\"\nurl = \"https://example.com/\"\n\n[[change]]",
        "duplicate-source",
        "line 20, column 6, row `docs`: the source `docs` is listed twice [duplicate-source]; rename one of the two; \
         the other is row `docs`",
    );
}

#[test]
fn source_url() {
    breaks(
        "https://example.com/{commit}/{path}",
        "ftp://example.com/{commit}/{path}",
        "source-url",
        "line 16, column 7, row `docs`: \"ftp://example.com/{commit}/{path}\" is no https address [source-url]; begin it \
         with https://, with {commit} and {path} where they belong",
    );
}

#[test]
fn release_modules() {
    breaks(
        "rest = 33, api",
        "rest = 32, api",
        "release-modules",
        "line 52, column 12, row `a.b`: REST revision 32 was seen in module im 23.1600.100, and the row names no version \
         [release-modules]; give the least versions, such as `modules = { im = \">=23.1600.100\" }`",
    );
    // An overlay's own feature belongs to no module of the table's releases.
    let own = ROW
        .replace("name = \"AB\"\n", "")
        .replace("docs:row", "https://acme.example");
    let overlay = format!("title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n{own}");
    assert_eq!(problems(Table::builtin().with_overlay(&overlay)), []);
}
