//! What was measured, beside its floor and its target.

use std::fmt;

use super::harness::{Id, Measured, Quartiles};

/// All that was measured, by group.
#[derive(Default)]
pub struct Report {
    group: &'static str,
    held: Vec<Held>,
    further: Vec<String>,
}

/// A row that is held to a target.
struct Held {
    group: &'static str,
    name: String,
    measured: Figure,
    floor: Figure,
    ratio: Quartiles,
    target: Target,
}

/// What a row is held to.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "groups come and go")]
pub enum Target {
    /// At most so many times its floor.
    Times(f64),
    /// At least so many times faster than its floor.
    Faster(f64),
    /// The figure itself is at most this.
    AtMost(f64),
    /// The figure itself is this.
    Exactly(f64),
}

/// A number and what it counts.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "groups come and go")]
pub enum Figure {
    Nanos(f64),
    Bytes(f64),
    /// Requests, allocations, instructions, ratios.
    Number(f64),
}

impl Report {
    /// Prints what was there, and what comes belongs to this group.
    pub fn begin(&mut self, group: &'static str) {
        self.group = group;
        println!("\n## {group}\n");
    }

    /// A row beside one of the same run, held to a target.
    pub fn hold(&mut self, name: impl Into<String>, measured: &Measured, row: Id, floor: Id, target: Target) {
        self.hold_figures(
            name,
            Figure::Nanos(measured.median(row)),
            Figure::Nanos(measured.median(floor)),
            measured.ratio(row, floor),
            target,
        );
    }

    /// The same of two figures that were not taken by rounds.
    pub fn hold_two(&mut self, name: impl Into<String>, measured: Figure, floor: Figure, target: Target) {
        let ratio = measured.value() / floor.value();
        let ratio = Quartiles {
            low: ratio,
            median: ratio,
            high: ratio,
        };
        self.hold_figures(name, measured, floor, ratio, target);
    }

    /// The same with a ratio that was taken otherwise.
    pub fn hold_figures(
        &mut self,
        name: impl Into<String>,
        measured: Figure,
        floor: Figure,
        ratio: Quartiles,
        target: Target,
    ) {
        let held = Held {
            group: self.group,
            name: name.into(),
            measured,
            floor,
            ratio,
            target,
        };
        if self.held.iter().all(|other| other.group != held.group) {
            println!("{}", Held::head());
        }
        println!("{held}");
        self.held.push(held);
    }

    /// What stands below the group's targets.
    pub fn further(&mut self, line: impl Into<String>) {
        self.further.push(line.into());
    }

    /// All rows that were measured together, with their ratio to one of them.
    pub fn further_rows(&mut self, title: &str, measured: &Measured, floor: Id) {
        self.further(format!(
            "| {title:<64} | {:>10} | {:>23} |",
            "median", "x floor (quartiles)"
        ));
        self.further(format!("|{:-<66}|{:->11}:|{:->24}:|", "", "", ""));
        for row in measured.ids() {
            self.further(format!(
                "| {:<64} | {:>10} | {:>23} |",
                measured.name(row),
                Figure::Nanos(measured.median(row)).to_string(),
                measured.ratio(row, floor).to_string(),
            ));
        }
        self.further("");
    }

    /// Ends a group: its further rows.
    pub fn end(&mut self) {
        println!();
        for line in self.further.drain(..) {
            println!("{line}");
        }
    }

    /// All targets once more, and how many are met.
    pub fn sum_up(&self) {
        println!("\n## All targets\n\n{}", Held::head());
        for held in &self.held {
            println!("{held}");
        }
        let missed = self.held.iter().filter(|held| !held.is_met()).count();
        println!(
            "\n{} of {} met, {missed} missed",
            self.held.len() - missed,
            self.held.len()
        );
    }
}

impl Held {
    fn head() -> String {
        format!(
            "| {:<64} | {:>10} | {:>10} | {:>23} | {:>10} | {:<7} |\n|{:-<66}|{:->11}:|{:->11}:|{:->24}:|{:->11}:|{:-<9}|",
            "what", "measured", "floor", "ratio (quartiles)", "target", "outcome", "", "", "", "", "", ""
        )
    }

    fn is_met(&self) -> bool {
        match self.target {
            Target::Times(most) => self.ratio.median <= most,
            Target::Faster(least) => 1.0 / self.ratio.median >= least,
            Target::AtMost(most) => self.measured.value() <= most,
            Target::Exactly(value) => (self.measured.value() - value).abs() < f64::EPSILON,
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (measured, floor) = (self.measured.to_string(), self.floor.to_string());
        let (ratio, target) = match self.target {
            Target::Times(most) => (self.ratio, format!("<= {most}x")),
            Target::Faster(least) => (self.ratio.inverse(), format!(">= {least}x")),
            Target::AtMost(most) => (self.ratio, format!("<= {}", self.measured.with(most))),
            Target::Exactly(value) => (self.ratio, format!("= {}", self.measured.with(value))),
        };
        let outcome = if self.is_met() { "met" } else { "MISSED" };
        write!(
            f,
            "| {:<64} | {measured:>10} | {floor:>10} | {:>23} | {target:>10} | {outcome:<7} |",
            self.name,
            ratio.to_string(),
        )
    }
}

impl Figure {
    pub fn value(self) -> f64 {
        match self {
            Figure::Nanos(value) | Figure::Bytes(value) | Figure::Number(value) => value,
        }
    }

    fn with(self, value: f64) -> Self {
        match self {
            Figure::Nanos(_) => Figure::Nanos(value),
            Figure::Bytes(_) => Figure::Bytes(value),
            Figure::Number(_) => Figure::Number(value),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Figure::Nanos(nanos) if nanos < 100.0 => write!(f, "{nanos:.2} ns"),
            Figure::Nanos(nanos) if nanos < 1e4 => write!(f, "{nanos:.0} ns"),
            Figure::Nanos(nanos) if nanos < 1e6 => write!(f, "{:.1} us", nanos / 1e3),
            Figure::Nanos(nanos) if nanos < 1e9 => write!(f, "{:.1} ms", nanos / 1e6),
            Figure::Nanos(nanos) => write!(f, "{:.2} s", nanos / 1e9),
            Figure::Bytes(bytes) => write!(f, "{bytes:.0} B"),
            Figure::Number(number) if number.fract() == 0.0 => write!(f, "{number}"),
            Figure::Number(number) => write!(f, "{number:.2}"),
        }
    }
}

impl Quartiles {
    fn inverse(self) -> Self {
        Self {
            low: 1.0 / self.high,
            median: 1.0 / self.median,
            high: 1.0 / self.low,
        }
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.median.is_nan() {
            return f.write_str("-"); // none of none
        }
        if self.low == self.high {
            return write!(f, "{:.2}", self.median);
        }
        write!(f, "{:.2} ({:.2} - {:.2})", self.median, self.low, self.high)
    }
}
