//! Events as a bot reads them, in each form and on each build.

#[cfg(feature = "reqwest")]
mod answers;
mod documented;
mod edges;
mod every_build;
mod hostile;
#[cfg(feature = "reqwest")]
mod life;
mod mutated;
#[cfg(feature = "reqwest")]
mod polling;
mod support;
#[cfg(feature = "reqwest")]
mod upgrade;
mod values;
