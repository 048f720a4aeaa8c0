//! Reads a table file: turns TOML into a document, and applies every rule.

mod entries;
mod file;
mod keys;
mod sources;
