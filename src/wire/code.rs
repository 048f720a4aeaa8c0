//! Error codes, and what each proves.

mod class;
mod error_code;
mod known;

pub use class::ErrorClass;
pub(super) use error_code::CODE_LIMIT;
pub use error_code::ErrorCode;
