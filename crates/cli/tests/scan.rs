//! `imbot-caps scan`: what it finds in the corpus, its exit codes, its forms, and that it prints no secret.

#[path = "scan/corpus.rs"]
mod corpus;
#[path = "scan/forms.rs"]
mod forms;
#[path = "scan/outcomes.rs"]
mod outcomes;
#[path = "scan/run.rs"]
mod run;
