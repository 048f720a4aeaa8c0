//! Reading an event, beside reading its form.

use std::hint::black_box;

use super::event;
use super::harness::{Effort, Rows};
use super::report::{Report, Target};

pub fn run(effort: Effort, report: &mut Report) {
    let tokens = event::tokens();
    for (form, body) in [("posted", event::newer()), ("older", event::older())] {
        let mut rows = Rows::default();
        let flat = rows.add("floor: form_urlencoded and a Value", 1, || {
            usize::from(event::flat(black_box(&body)).is_object())
        });
        rows.add("the same with objects in objects", 1, || {
            usize::from(event::nested(black_box(&body)).is_object())
        });
        let read = rows.add("the event, verified and typed", 1, || {
            event::read(black_box(&body), &tokens).len()
        });
        let measured = rows.measure(effort);
        let name = format!("read an event of {} bytes, {form} form", body.len());
        report.hold(name, &measured, read, flat, Target::Times(2.0));
        let name = format!("an event, {form} form");
        report.further_rows(&name, &measured, flat);
    }
}
