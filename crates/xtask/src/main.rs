//! `cargo run -p imbot-caps-xtask` writes the generated files that are stale, and names them.

#![allow(
    clippy::unwrap_used,
    reason = "a developer's tool stops at the first surprise"
)]

fn main() {
    for file in imbot_caps_xtask::all() {
        if file.is_stale() {
            std::fs::write(imbot_caps_xtask::root().join(file.path), &file.text).unwrap();
            println!("{} is written", file.path);
        }
    }
}
