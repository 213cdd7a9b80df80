//! The language server: replies checked while they are written.
//!
//! One thread reads what the client sends, one writes what it is told, and a main loop between them owns
//! all that is open. It does nothing that takes time: checks and answers are made on threads of their own
//! from a document as it was when they were asked for, and what has become stale meanwhile is dropped.
//!
//! Files, settings from files and processes are behind [`Desk`], which the command line gives.

mod actions;
mod check;
mod client;
mod commands;
mod completion;
mod desk;
mod document;
mod frame;
mod hover;
mod jobs;
mod message;
mod ours;
mod outline;
mod requests;
mod server;
mod settings;
mod uri;

pub use desk::{Desk, Drafts, Ruling};
pub use server::serve;
pub use settings::Settings;
