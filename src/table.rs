//! The table: every feature, its requirement and its source.
//!
//! The built-in table is `features.toml` at the root of the crate. It is checked and turned
//! into constants before each release. A program adds to it with overlays: files of the same
//! form, read at run time.
//!
//! # Overlays
//!
//! An overlay has a title and a version of its own. Its key `requires` names the versions of
//! the table that it was written for. A row with an id of the table replaces that row. Any
//! other row is added. Explanations name the overlay that decided.
//!
//! ```
//! use imbot_caps::table::RevisionBasis;
//! use imbot_caps::{Caps, Table};
//!
//! let table = Table::builtin().with_overlay(
//!     r#"
//!     title = "acme"
//!     version = "0.1.0"
//!     requires = "^2"
//!
//!     [[feature]]
//!     id = "acme.voice"
//!     title = "Voice messages from bots"
//!     kind = "new"
//!     requires = { rest = 37, api = "imbot.v2" }
//!     applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
//!     source = "https://example.com/acme"
//!     confidence = "inferred"
//!     "#,
//! )?;
//! let table = table.leak(); // once, at start-up
//!
//! let voice = table.requirement("acme.voice", RevisionBasis::Documented).ok_or("no such row")?;
//! assert!(Caps::at(37).with_table(table).supports(voice));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builtin;
mod change;
mod cloud;
mod date;
mod document;
mod error;
pub(crate) mod event;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod table;
#[rustfmt::skip]
mod generated;
pub(crate) mod index;
mod lint;
mod load;
mod modules;
mod overlay;
pub(crate) mod path;
mod reader;
mod release;
mod revision_basis;
mod row;
mod row_in_call;
mod section;
mod source;
mod terms;
mod text;
pub(crate) mod translation;

pub use change::ChangeLogEntry;
pub use cloud::CloudDomains;
pub use date::Date;
pub use document::TableFile;
pub use error::{Problem, TableError};
pub use event::{EventObject, EventTranslation};
pub use release::{ImbotV2Builds, Release, SeenVersions};
pub use revision_basis::RevisionBasis;
pub use row::{Applies, Fallback, Row};
pub use source::Source;
pub use table::{Overlay, Table};
pub use terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};
pub use translation::Translation;
