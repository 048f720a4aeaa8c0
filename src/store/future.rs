//! [`StoreFuture`]: what the methods of a store return.

use std::pin::Pin;

use super::error::StoreError;

/// What the methods of a store return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;
