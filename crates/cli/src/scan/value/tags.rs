//! Structs of Go: the names that their tags give to the fields.

use super::super::expression::items;
use super::super::token::Tokens;
use super::literal::read;
use super::{Object, Reader, Value};

/// Whether braces name fields: `{Field: value}`.
pub(super) fn has_fields(tokens: &Tokens, open: usize) -> bool {
    let first = items(tokens, open).into_iter().next();
    first.is_some_and(|first| tokens.word(first).is_some() && tokens.is(first + 1, ":"))
}

/// The fields of a struct by the names of its tags. Unknown if the file does not show a tag of each. Fields
/// that are left out are sent, too, so the object stays open.
pub(super) fn value(reader: Reader<'_>, name: Option<&str>, open: usize, depth: usize) -> Value {
    let tokens = reader.tokens;
    let Some(fields) = name.and_then(|name| declared(reader, name)) else {
        return Value::Unknown;
    };
    let mut object = Object {
        members: Vec::new(),
        open: true,
    };
    for item in items(tokens, open) {
        let field = tokens.word(item).filter(|_| tokens.is(item + 1, ":"));
        let tag = field.and_then(|field| tag_of(tokens, fields, field));
        match tag {
            Some("-") => {}
            Some(tag) => {
                let value = read(reader, item + 2, depth + 1);
                object.members.push((tag.to_owned(), value));
            }
            None => return Value::Unknown,
        }
    }
    Value::Object(object)
}

/// The brace of the declaration `type name struct {`.
fn declared(reader: Reader<'_>, name: &str) -> Option<usize> {
    let tokens = reader.tokens;
    let places = reader.outline.places(tokens, name);
    let mut found = places
        .into_iter()
        .filter(|at| tokens.word(at + 1) == Some("struct") && tokens.is(at + 2, "{") && tokens.opens(at + 2));
    let open = found.next()? + 2;
    found.next().is_none().then_some(open)
}

/// The name in JSON that a field has by its tag.
fn tag_of<'t>(tokens: &'t Tokens, open: usize, field: &str) -> Option<&'t str> {
    let end = tokens.mate(open)?;
    let mut at = open + 1;
    while at < end {
        let leads = tokens.get(at).is_some_and(|token| token.leads) || tokens.is_any(at - 1, &["{", ";"]);
        if leads && tokens.word(at) == Some(field) {
            let line = tokens.line(at);
            let tag = (at + 1..end)
                .take_while(|own| tokens.line(*own) == line && !tokens.is(*own, ";"))
                .find_map(|own| tokens.text(own))?;
            let name = tag.split_once("json:\"")?.1.split_once('"')?.0;
            let name = name.split(',').next().unwrap_or_default();
            return (!name.is_empty()).then_some(name);
        }
        at = tokens.after(at);
    }
    None
}
