//! A table of what was measured, on one thread and on two.

use crate::harness::{Effort, Id, Rows};

/// One way to do the work of a table.
pub struct Peer<'p> {
    pub name: &'static str,
    /// What it does that we do not, and how it was set up.
    pub note: &'static str,
    /// One pass, which does so many.
    pub work: Box<dyn Fn() -> usize + Sync + 'p>,
}

impl<'p> Peer<'p> {
    pub fn new(name: &'static str, note: &'static str, work: impl Fn() -> usize + Sync + 'p) -> Self {
        let work = Box::new(work);
        Self { name, note, work }
    }
}

/// Measures all and prints them; the first is ours, to which the others are compared.
pub fn print(title: &str, count: usize, peers: &[Peer<'_>], effort: Effort) {
    let mut rows = Rows::default();
    let ids: Vec<[Id; 2]> = peers
        .iter()
        .map(|peer| {
            let one = rows.add(peer.name, count, &*peer.work);
            [one, rows.add_on_two(peer.name, count, &*peer.work)]
        })
        .collect();
    let measured = rows.measure(effort);
    println!("\n## {title}\n");
    println!(
        "| {:<52} | 1 thread | x ours | 2 threads | x ours |",
        "ns each, per thread"
    );
    println!("|{:-<54}|---------:|-------:|----------:|-------:|", "");
    for (peer, [one, two]) in peers.iter().zip(&ids) {
        let [our_one, our_two] = ids[0];
        println!(
            "| {:<52} | {:>8.2} | {:>6.2} | {:>9.2} | {:>6.2} |",
            peer.name,
            measured.median(*one),
            measured.ratio(*one, our_one).median,
            measured.median(*two),
            measured.ratio(*two, our_two).median,
        );
    }
    println!();
    for peer in peers.iter().filter(|peer| !peer.note.is_empty()) {
        println!("- {}: {}", peer.name, peer.note);
    }
}
