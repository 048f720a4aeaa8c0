//! Events as a bot reads them, in each form and on each build.

mod documented;
mod every_build;
mod hostile;
mod polling;
mod support;
