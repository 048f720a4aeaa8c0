//! The locks of [`single_flight`](crate::single_flight). The model of threads in `crates/model`
//! puts other ones in their place.

pub(crate) use std::sync::{Arc, Mutex, MutexGuard};
