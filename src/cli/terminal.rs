//! Standard output and standard error.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::args::ColorChoice;
use crate::report::{Human, Inert, inert, printable};
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

    /// Standard output for what people read. In GitHub Actions, whose runner looks for commands in all that
    /// is printed, no text of others can become one.
    pub(super) fn page(&self) -> Box<dyn Write> {
        if in_actions() { Box::new(Inert::new(self.out())) } else { Box::new(self.out()) }
    }

    /// Prints a text as it is. In GitHub Actions the runner is told to look for no commands in it, unless
    /// it goes into a file.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut out = self.out();
        // Nobody who wrote the text can know the word that ends it.
        let word = RandomState::new().hash_one(text);
        let stops = in_actions() && !text.is_empty() && !is_file();
        if stops {
            writeln!(out, "::stop-commands::{word:016x}")?;
        }
        out.write_all(text.as_bytes())?;
        if stops {
            writeln!(out, "::{word:016x}::")?;
        }
        out.flush()
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
        let _ = writeln!(io::stderr().lock(), "tonelint: {}", inert(&printable(message)));
    }

    /// Says on standard error what may be of interest.
    pub(super) fn note(&self, message: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", inert(&printable(message)));
    }

    /// Shows on standard error what is wrong with packs or a configuration.
    pub(super) fn show(&self, errors: &[PackError]) {
        if self.keep(|said| said.errors.extend_from_slice(errors)) {
            return;
        }
        let human = Human { color: self.colors(io::stderr().is_terminal()), width: width() };
        let mut err = Inert::new(io::stderr().lock());
        for error in errors {
            let _ = human.pack_error(error, &mut err);
        }
        let _ = err.flush();
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

/// Whether a runner of GitHub Actions reads what is printed.
fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Whether standard output is a file.
#[cfg(unix)]
fn is_file() -> bool {
    use std::os::fd::AsFd;
    let file = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    file.and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.is_file())
}

#[cfg(not(unix))]
fn is_file() -> bool {
    false
}

fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(WIDTH)
}
