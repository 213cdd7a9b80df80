//! Standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::args::ColorChoice;
use crate::report::{Human, printable};
use crate::rule::PackError;

/// Columns where nobody says how many there are.
const WIDTH: usize = 100;

/// Where a run writes, and how.
pub(super) struct Terminal {
    color: ColorChoice,
    /// What was said, where nobody is there to read it.
    kept: Option<Mutex<Said>>,
}

/// What was to be said on standard error.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Errors in packs and configurations.
    pub(super) errors: Vec<PackError>,
    /// What went wrong besides.
    pub(super) complaints: Vec<String>,
}

impl Terminal {
    pub(super) fn new(color: ColorChoice) -> Self {
        Self { color, kept: None }
    }

    /// One that keeps what is to be said on standard error.
    #[cfg(feature = "lsp")]
    pub(super) fn keeping() -> Self {
        Self { color: ColorChoice::Never, kept: Some(Mutex::default()) }
    }

    /// What was kept.
    #[cfg(feature = "lsp")]
    pub(super) fn kept(self) -> Said {
        self.kept.map(|kept| kept.into_inner().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default()
    }

    fn keep(&self, keep: impl FnOnce(&mut Said)) -> bool {
        if let Some(kept) = &self.kept {
            keep(&mut kept.lock().unwrap_or_else(PoisonError::into_inner));
        }
        self.kept.is_some()
    }

    /// Standard output, buffered; what is left is written when it is dropped, so flush it.
    pub(super) fn out(&self) -> BufWriter<io::StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }

    /// How findings look on standard output.
    pub(super) fn human(&self) -> Human {
        Human { color: self.colors(io::stdout().is_terminal()), width: width() }
    }

    /// Whether standard output is a terminal.
    pub(super) fn is_out(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether someone watches standard error who may wonder how long it takes.
    pub(super) fn shows_progress(&self) -> bool {
        io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
    }

    /// Says on standard error what went wrong.
    pub(super) fn complain(&self, message: &str) {
        if self.keep(|said| said.complaints.push(message.to_owned())) {
            return;
        }
        let _ = writeln!(io::stderr().lock(), "tonelint: {}", printable(message));
    }

    /// Says on standard error what may be of interest.
    pub(super) fn note(&self, message: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", printable(message));
    }

    /// Shows on standard error what is wrong with packs or a configuration.
    pub(super) fn show(&self, errors: &[PackError]) {
        if self.keep(|said| said.errors.extend_from_slice(errors)) {
            return;
        }
        let human = Human { color: self.colors(io::stderr().is_terminal()), width: width() };
        let mut err = io::stderr().lock();
        for error in errors {
            let _ = human.pack_error(error, &mut err);
        }
    }

    /// Whether to use colours: what was asked for, then `NO_COLOR` (no-color.org), then
    /// `CLICOLOR_FORCE` (bixense.com/clicolors), then whether it is a terminal that can.
    fn colors(&self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto
                if set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0") =>
            {
                true
            }
            ColorChoice::Auto => is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(WIDTH)
}
