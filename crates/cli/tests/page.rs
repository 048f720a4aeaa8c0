//! The page, as it is written and as a browser shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use imbot_caps::semver::Version;
use imbot_caps::{Caps, Feature, Knowledge, Revision, Revisions, Support, Table};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Texts that a page must show as they are.
const HOSTILE: [&str; 4] = [
    "<script>window.hostile = 1</script>",
    "\"><img src=x onerror=\"window.hostile = 2\">",
    "</td></table><iframe src=https://example.com></iframe>",
    "' onmouseover='window.hostile = 3",
];

fn page(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imbot-caps"));
    command.arg("page").arg(folder).args(arguments).output().unwrap()
}

/// The page in a folder of its own.
fn written(arguments: &[&str]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = page(folder.path(), arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let html = fs::read_to_string(folder.path().join("index.html")).unwrap();
    (folder, html)
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = page(folder, arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

fn overlay(folder: &TempDir, id: &str) -> String {
    let [script, image, frame, attribute] = HOSTILE;
    let text = format!(
        "title = '''{script}'''
        version = '1.0.0'
        requires = '^2'
        unversioned_methods = ['acme.<b>send']

        [[feature]]
        id = '{id}'
        title = '''{image}'''
        kind = 'new'
        requires = {{ rest = 40 }}
        applies = {{ methods = ['acme.<b>send'], request = ['fields.voice'] }}
        fallback = {{ shim = 'no-fallback', note = '''{frame}''' }}
        danger = \"\"\"{attribute}\"\"\"
        source = '''https://example.com/\"onmouseover=\"window.hostile=4'''
        evidence = '''https://example.com/</a><script>window.hostile=5</script>'''
        confidence = 'inferred'
        note = '''{script}'''
        "
    );
    let path = folder.path().join("overlay.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn every_feature_has_permalink_and_source() {
    let (_folder, html) = written(&[]);
    for feature in Feature::all() {
        let row = format!("<tr id=\"{feature}\" ");
        assert_eq!(html.matches(&row).count(), 1, "{feature}");
        assert!(html.contains(&format!("<a href=\"#{feature}\">")), "{feature}");
        let source = Table::builtin().find(feature.as_str()).unwrap().source();
        assert!(html.contains(&format!("<a href=\"{source}\">")), "{source}");
    }
}

#[test]
fn page_has_at_most_400_kb() {
    let (_folder, html) = written(&[]);
    assert!(html.len() <= 400_000, "{} bytes", html.len());
}

#[test]
fn output_names_file_and_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("index.html");
    let plain = String::from_utf8(page(folder.path(), &[]).stdout).unwrap();
    let bytes = fs::metadata(&file).unwrap().len();
    let features = Feature::all().len();
    assert_eq!(plain, format!("{}\t{bytes}\t{features}\n", file.display()));

    let printed: Value = serde_json::from_slice(&page(folder.path(), &["--json"]).stdout).unwrap();
    let expected = json!({
        "form": "page", "version": 1, "file": file, "bytes": bytes, "features": features,
    });
    assert_eq!(printed, expected);
}

#[test]
fn missing_folder_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    assert!(page(&below, &[]).status.success());
    let names: Vec<_> = fs::read_dir(&below)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["index.html"]);
}

#[test]
fn foreign_page_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("index.html");
    fs::write(&file, "<title>My site</title>").unwrap();
    let error = refused(folder.path(), &[]);
    assert!(error.contains("was not written by imbot-caps"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "<title>My site</title>");
}

#[test]
fn own_page_is_replaced() {
    let (folder, html) = written(&[]);
    let file = folder.path().join("index.html");
    let older = html.replace("</html>", "<!-- older --></html>");
    fs::write(&file, older).unwrap();
    assert!(page(folder.path(), &[]).status.success());
    assert_eq!(fs::read_to_string(&file).unwrap(), html);
}

#[test]
fn missing_overlay_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(folder.path(), &["--overlay", "absent.toml"]);
    assert!(
        error.contains("the overlay absent.toml cannot be read"),
        "{error}"
    );
    assert!(!folder.path().join("index.html").exists());
}

#[test]
fn hostile_id_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = overlay(&folder, "\"><script>");
    let error = refused(folder.path(), &["--overlay", &file]);
    assert!(error.contains("id-form"), "{error}");
}

#[test]
fn overlay_text_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let file = overlay(&folder, "hostile.row");
    let (_folder, html) = written(&["--overlay", &file]);
    assert!(html.contains("<tr id=\"hostile.row\" "));
    for text in HOSTILE {
        assert!(!html.contains(text), "{text}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert!(!html.contains("<b>send"));
}

/// What the library answers about each row.
fn answers(caps: &[Caps]) -> BTreeMap<&'static str, &'static str> {
    let word = |caps: &Caps, feature| match caps.check(feature) {
        Support::Supported => "yes",
        Support::Unsupported(_) => "no",
        Support::Unknown(_) => "unknown",
    };
    Feature::all()
        .map(|feature| {
            let mut words: Vec<_> = caps.iter().map(|caps| word(caps, feature)).collect();
            words.dedup();
            // A portal that is one of several has what they all have.
            let word = match words.as_slice() {
                [one] => one,
                _ => "unknown",
            };
            (feature.as_str(), word)
        })
        .collect()
}

fn portals() -> Vec<Value> {
    let mut portals = Vec::new();
    let mut add = |query: String, caps: &[Caps]| {
        portals.push(json!({ "query": query, "answers": answers(caps) }));
    };
    let table = Table::builtin();
    for rest in 17..=38 {
        add(format!("?rest={rest}"), &[Caps::at(rest)]);
    }
    let version = |text: &str| text.parse::<Version>().unwrap();
    let known = |im: Option<&str>, imbot: Option<&str>| {
        let (im, imbot) = (im.map(version), imbot.map(version));
        table.knowledge_of(im.as_ref(), imbot.as_ref())
    };
    let builds = ["26.0.0", "26.20.0", "26.50.0", "26.70.0", "26.100.0", "27.0.0"];
    let modules = [
        "17.0.0",
        "18.0.1",
        "18.5.200",
        "20.0.875",
        "22.0.0",
        "25.1300.0",
        "26.290.0",
        "26.300.0",
        "26.350.0",
        "26.400.0",
        "27.0.0",
    ];
    for im in modules {
        add(format!("?im={im}"), &[Caps::new(known(Some(im), None))]);
        for imbot in builds {
            let caps = Caps::new(known(Some(im), Some(imbot)));
            add(format!("?im={im}&imbot={imbot}"), &[caps]);
        }
    }
    for imbot in builds {
        add(format!("?imbot={imbot}"), &[Caps::new(known(None, Some(imbot)))]);
        let rest = Knowledge::from_im_revision_get(&Revisions::rest_only(33));
        let both = rest.intersect(&known(None, Some(imbot))).unwrap();
        add(format!("?rest=33&imbot={imbot}"), &[Caps::new(both)]);
    }
    let between = |least: Revision, most: Revision| (least..=most).map(Caps::at).collect::<Vec<_>>();
    add("?date=2026-03-01".to_owned(), &between(32, 32));
    // The change log had 35 two days before, and the newest copy of a module had 33.
    add("?date=2026-05-03".to_owned(), &between(33, 35));
    add("?date=2026-04-02".to_owned(), &between(32, 33));
    add("?date=2018-06-01".to_owned(), &between(18, 32));
    // No later revision is known, so there may be any.
    add("?date=2027-01-01".to_owned(), &between(35, 60));
    portals
}

fn expected() -> Value {
    let table = Table::builtin();
    let all: Vec<Revision> = vec![18, 30, 31, 32, 33, 34, 35, 36];
    let mut differences = Vec::new();
    for from in &all {
        for to in &all {
            let (before, after) = (answers(&[Caps::at(*from)]), answers(&[Caps::at(*to)]));
            let differs: Vec<_> = before.keys().filter(|id| before[*id] != after[*id]).collect();
            differences.push(json!({ "from": from, "to": to, "differs": differs }));
        }
    }
    let rows = |matches: &dyn Fn(&imbot_caps::table::Row) -> bool| {
        let rows = table.rows().filter(|row| matches(row));
        rows.map(|row| row.id().to_owned()).collect::<Vec<_>>()
    };
    let at33 = answers(&[Caps::at(33)]);
    let filters = json!([
        { "query": "?kind=fix", "rows": rows(&|row| row.kind().as_str() == "fix") },
        { "query": "?kind=fix&kind=breaking", "rows": rows(&|row| ["fix", "breaking"].contains(&row.kind().as_str())) },
        { "query": "?confidence=inferred", "rows": rows(&|row| row.confidence().as_str() == "inferred") },
        { "query": "?method=imbot.v2.Command.register", "rows": rows(&|row| {
            row.applies().methods().any(|method| {
                method == "imbot.v2.Command.register"
                    || method.strip_suffix('*').is_some_and(|below| "imbot.v2.Command.register".starts_with(below))
            })
        }) },
        { "query": "?method=ONIMBOTV2COMMANDADD", "rows": rows(&|row| {
            row.applies().events().any(|event| event == "ONIMBOTV2COMMANDADD")
        }) },
        { "query": "?rest=33&show=no", "rows": rows(&|row| at33[row.id()] == "no") },
        { "query": "?q=message.SYSTEM%20booleans", "rows": ["message.system"] },
    ]);
    let count = |word| at33.values().filter(|own| **own == word).count();
    json!({
        "features": Feature::all().len(),
        "portals": portals(),
        "differences": differences,
        "filters": filters,
        "at33": { "yes": count("yes"), "no": count("no") },
        "hostile": HOSTILE,
    })
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Where the packages are installed. They are kept until the lock file changes.
fn installed(npm: &Path) -> Result<PathBuf, String> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    fs::create_dir_all(&folder).unwrap();
    let stamp = folder.join("installed");
    let lock = fs::read(from.join("package-lock.json")).unwrap();
    for file in [".npmrc", "package.json", "package-lock.json", "check.mjs"] {
        fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    if fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(folder);
    }
    let mut command = Command::new(npm);
    command
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(&folder);
    let output = command.output().unwrap();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("npm could not install the packages: {errors}"));
    }
    fs::write(stamp, lock).unwrap();
    Ok(folder)
}

/// What the browser checks need, or what is missing.
fn tools() -> Result<(PathBuf, PathBuf, PathBuf), String> {
    let find = |names: &[&str]| on_path(names).ok_or(format!("{} is missing", names[0]));
    let browser = find(&["chromium", "chromium-browser", "google-chrome"])?;
    let node = find(&["node"])?;
    let folder = installed(&find(&["npm"])?)?;
    Ok((browser, node, folder))
}

#[test]
fn browser_shows_answers_of_library() {
    let (browser, node, folder) = match tools() {
        Ok(tools) => tools,
        Err(missing) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
            eprintln!("skipped: {missing}");
            return;
        }
    };
    let (own, _) = written(&[]);
    let file = overlay(&own, "hostile.row");
    let (hostile, _) = written(&["--overlay", &file]);
    let answers = own.path().join("expected.json");
    fs::write(&answers, expected().to_string()).unwrap();
    let mut command = Command::new(node);
    command
        .arg(folder.join("check.mjs"))
        .arg(browser)
        .arg(own.path().join("index.html"))
        .arg(answers)
        .arg(hostile.path().join("index.html"));
    let output = command.output().unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}
