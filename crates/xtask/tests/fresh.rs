//! The generated files are as their sources say.

#[test]
fn generated_files_are_fresh() {
    let all = imbot_caps_xtask::all().unwrap_or_else(|error| panic!("{error}"));
    let all = all.into_iter();
    let stale: Vec<&str> = all.filter(|file| file.is_stale()).map(|file| file.path).collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run `cargo xtask generate` and commit the files"
    );
}
