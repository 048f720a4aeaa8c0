//! Pictures as portals check them before they keep them.

use super::super::php::Value;
use super::file;

/// The widest and the highest picture, in pixels.
const MAX_SIDE: u32 = 5_000;

/// Why a picture is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoImage {
    /// It is no picture.
    Type,
    /// It is too large.
    Size,
}

/// Checks a picture in Base64, or a pair of name and such a text.
///
/// The first bytes tell the type; the size is read where it has a fixed place,
/// which a JPEG does not have.
pub(super) fn check(sent: &Value) -> Result<(), NoImage> {
    let content = match sent.as_array() {
        Some(pair) => pair.iter().last().map(|(_, content)| content.to_text()),
        None => Some(sent.to_text()),
    };
    let bytes = content.and_then(|text| file::base64_size(&text).map(|_| file::bytes(&text)));
    match bytes.as_deref().and_then(sides) {
        None => Err(NoImage::Type),
        Some(sides) if sides.iter().all(|side| (1..=MAX_SIDE).contains(side)) => Ok(()),
        Some(_) => Err(NoImage::Size),
    }
}

/// Width and height; `None` for what is no picture.
fn sides(bytes: &[u8]) -> Option<[u32; 2]> {
    if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some([side(16)?, side(20)?]);
    }
    if bytes.starts_with(b"GIF8") {
        let side = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        return Some([side(6)?.into(), side(8)?.into()]);
    }
    bytes.starts_with(b"\xFF\xD8\xFF").then_some([1, 1])
}
