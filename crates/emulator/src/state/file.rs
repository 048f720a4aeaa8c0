//! Files in chats.

use super::State;

/// A file as the portal stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The file's id.
    pub id: u64,
    /// The chat it was uploaded to.
    pub chat_id: u64,
    /// Its name with the extension.
    pub name: String,
    /// How long it is, in bytes.
    pub size: usize,
    /// What it holds, in Base64 as it was sent.
    pub content: String,
}

impl State {
    pub(crate) fn file(&self, id: u64) -> Option<&File> {
        self.files.iter().find(|file| file.id == id)
    }
}
