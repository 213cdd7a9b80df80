//! `tonelint trust`.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, FactsArgs, TrustArgs, TrustFormat};
use super::configs::Configs;
use super::terminal::Terminal;
use super::{Exit, Failure, files, walk};
use crate::report::{self, Bars, InputError};
use crate::source::{MAX_BYTES, Source};

/// Prints how much of the promised time was left when each reply was sent.
pub(super) fn run(args: TrustArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let from_stdin = args.files.iter().any(|path| path.as_os_str() == "-");
    let paths: Vec<PathBuf> = args.files.iter().filter(|path| path.as_os_str() != "-").cloned().collect();
    let (found, mut errors) = walk::files(&paths, 1);
    let check = CheckArgs {
        settings: args.settings,
        facts: FactsArgs { language: args.language, ..FactsArgs::default() },
        ..CheckArgs::default()
    };
    let configs = Configs::load(&check, &found, terminal)?;
    let mut all = Vec::new();
    let inputs = from_stdin.then(|| PathBuf::from("-")).into_iter().chain(found);
    for path in inputs {
        let name = path.display().to_string();
        match trust(&path, &name, &configs) {
            Ok((mut trusts, mut wrong)) => {
                all.append(&mut trusts);
                errors.append(&mut wrong);
            }
            Err(message) => errors.push(InputError { path: name, message }),
        }
    }
    errors.sort();
    for error in &errors {
        terminal.complain(&format!("{}: {}", error.path, error.message));
    }
    let mut out: Box<dyn Write> = match args.format {
        TrustFormat::Table => terminal.page(),
        TrustFormat::Json | TrustFormat::Csv => Box::new(terminal.out()),
    };
    match args.format {
        TrustFormat::Json => report::trust_json(&all, &errors, &mut out)?,
        TrustFormat::Csv => report::trust_csv(&all, &mut out)?,
        TrustFormat::Table => {
            let human = terminal.human();
            let bars = terminal.is_out().then_some(Bars { width: human.width, color: human.color });
            report::trust_table(&all, bars, &mut out)?;
        }
    }
    out.flush()?;
    Ok(if errors.is_empty() { Exit::Clean } else { Exit::Error })
}

type Read = (Vec<crate::trust::Trust>, Vec<InputError>);

fn trust(path: &Path, name: &str, configs: &Configs) -> Result<Read, String> {
    let bytes = if name == "-" { files::read_stdin()? } else { files::read(path, MAX_BYTES)? };
    let source = Source::new(name, bytes).map_err(|error| error.to_string())?;
    let (linter, known) = configs.of(path);
    linter.trust(&source, &known).map_err(|error| source.located(error.at, &error.message))
}
