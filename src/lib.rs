//! tonelint: a linter for the tone of customer-support replies.
//!
//! Data flows one way, and each module imports only what stands before it: [`text`] and `yaml`, then
//! [`source`], [`reply`] and [`mod@format`], then [`rule`], then the [`engine`], then [`finding`],
//! [`fix`] and [`config`], then [`repository`] and [`report`]. The command line stands at its end, and alone touches
//! files, terminals and threads.
//!
//! ```
//! use tonelint::{Config, Linter, Source};
//! let linter = Linter::builtin(Config::default());
//! let draft = "We're sorry you have encountered this problem.";
//! let report = linter.lint(&Source::new("draft.md", draft.as_bytes().to_vec())?);
//! assert_eq!(report.findings[0].code, "PA001");
//! assert_eq!(report.findings[0].span.of(draft), "We're sorry you have encountered this problem");
//! # Ok::<(), tonelint::SourceError>(())
//! ```

pub mod config;
pub mod engine;
pub mod examples;
pub mod finding;
pub mod fix;
pub mod format;
mod linter;
pub mod mend;
pub mod outline;
pub mod reply;
pub mod report;
pub mod repository;
pub mod rule;
pub mod source;
pub mod text;
pub mod time;
pub mod trust;
mod yaml;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "lsp")]
pub mod lsp;

pub use config::Config;
pub use finding::Finding;
pub use linter::{Linter, builtin_packs, builtin_rules, compare};
pub use outline::Outline;
pub use report::Report;
pub use source::{Source, SourceError};
