//! The command line: arguments, files, threads and the terminal.

mod args;
mod baseline;
mod check;
mod config;
mod configs;
mod exclude;
mod explain;
mod files;
mod git;
mod hook;
mod init;
mod interactive;
#[cfg(feature = "lsp")]
mod lsp;
mod man;
mod outline;
mod output;
mod packs;
mod progress;
mod rules;
mod terminal;
mod trust;
mod walk;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::args::{Cli, Command};
#[cfg(feature = "lsp")]
pub use self::lsp::language_server;
use self::terminal::Terminal;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing at or above the severity that fails.
    Clean,
    /// Findings.
    Findings,
    /// A usage, configuration, rule or input error.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Error => 2,
        })
    }
}

/// Why a command could not do its work. It has been said on standard error already where the
/// message is empty.
#[derive(Debug)]
enum Failure {
    /// What went wrong.
    Said(String),
    /// Standard output went away or was full.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output, and a reader may leave early.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let terminal = Terminal::new(cli.color);
    match run(cli, &terminal) {
        Ok(exit) => exit.into(),
        Err(Failure::Said(message)) => {
            if !message.is_empty() {
                terminal.complain(&message);
            }
            Exit::Error.into()
        }
        // A reader that has seen enough is no error.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean.into(),
        Err(Failure::Output(error)) => {
            terminal.complain(&format!("cannot write: {error}"));
            Exit::Error.into()
        }
    }
}

fn run(cli: Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    match cli.command {
        Command::Check(args) => check::run(&args, terminal),
        Command::Fix { interactive: true, check } => interactive::run(&check, terminal),
        Command::Fix { interactive: false, mut check } => {
            check.fix = true;
            check::run(&check, terminal)
        }
        Command::Explain { rule, packs } => explain::run(&rule, &packs, terminal),
        Command::Rules { command, packs } => rules::run(command.as_ref(), &packs, terminal),
        Command::Outline(args) => outline::run(*args, terminal),
        Command::Trust(args) => trust::run(args, terminal),
        Command::Hook { command } => hook::run(&command, terminal),
        Command::Config { path, schema, config } => config::run(path.as_deref(), schema, config.as_deref(), terminal),
        Command::Init { folder, schema } => init::run(folder.as_deref(), schema, terminal),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => Ok(lsp::run(args, terminal)),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "tonelint", &mut script);
            terminal.out().write_all(&script)?;
            Ok(Exit::Clean)
        }
        Command::Man { command, out } => man::run(&command, out.as_deref(), terminal),
    }
}
