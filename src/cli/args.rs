//! What can be typed.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::finding::Finding;
use crate::reply::{Channel, Customer};
use crate::rule::Severity;

/// A linter for the tone of customer-support replies.
///
/// It reads drafts and canned responses before a customer does, and says what hurts, why, and what
/// to write instead. It never uses the network.
#[derive(Debug, Parser)]
#[command(name = "tonelint", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(super) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check replies
    #[command(after_help = CHECK_HELP)]
    Check(Box<CheckArgs>),
    /// Mend replies: what is surely right at once, or each finding in turn
    Fix {
        /// Go through the findings one by one: take a rewrite, type one, ignore it, or skip it
        #[arg(long, short)]
        interactive: bool,
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
    /// Show what a rule finds, why, and what to write instead
    Explain {
        /// A rule's code or name
        rule: String,
        #[command(flatten)]
        packs: PackArgs,
    },
    /// List the rules, test their examples, or print the schema of their files
    Rules {
        #[command(subcommand)]
        command: Option<RulesCommand>,
        #[command(flatten)]
        packs: PackArgs,
    },
    /// Show what each sentence of a reply does, and which moves are missing
    Outline(Box<OutlineArgs>),
    /// Show how much of the promised time was left when each reply was sent
    #[command(after_help = TRUST_HELP)]
    Trust(TrustArgs),
    /// Show what holds for a path, and where each value comes from
    Config {
        /// The path; the current folder where none is given
        #[arg(value_hint = ValueHint::AnyPath)]
        path: Option<PathBuf>,
        /// Print the JSON Schema of the configuration file
        #[arg(long)]
        schema: bool,
        /// Read this configuration file instead of the nearest `tonelint.yml`
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        config: Option<PathBuf>,
    },
    /// Write a commented configuration file, with the helpdesk exports that lie here
    Init {
        /// The folder; the current one where none is given
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
        /// Write `tonelint.schema.json` beside it, for editors
        #[arg(long)]
        schema: bool,
    },
    /// Install or remove a git hook that checks what is staged before each commit
    Hook {
        #[command(subcommand)]
        command: HookCommand,
    },
    /// Serve editors: the Language Server Protocol on standard input and output
    #[cfg(feature = "lsp")]
    #[command(after_help = LSP_HELP)]
    Lsp(LspArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page of tonelint or of one of its commands, or write all pages
    Man {
        /// The command, such as `check` or `hook install`; nothing for tonelint as a whole
        command: Vec<String>,
        /// Write the pages of tonelint and all commands into this directory
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "command")]
        out: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutlineFormat {
    /// The sentences with their moves in the margin
    Text,
    /// One JSON array with an object for each reply
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum HookCommand {
    /// Install the hook; one that is there already is kept and runs first
    Install {
        /// Install also where core.hooksPath leads out of this repository
        #[arg(long)]
        shared: bool,
        /// More arguments of `tonelint check`, such as `--fail-on error`; paths are from here
        #[arg(last = true, value_name = "ARGS")]
        check: Vec<String>,
    },
    /// Remove the hook, and put back the one that was there before
    Uninstall,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List every rule
    List,
    /// Print the page of every rule as Markdown
    #[command(hide = true)]
    Markdown,
    /// Run every example of every rule; of the built-in ones, or those of a directory
    Test {
        /// A directory with packs, or one pack
        #[arg(value_hint = ValueHint::AnyPath)]
        dir: Option<PathBuf>,
    },
    /// Print the JSON Schema of rule files, for editors
    Schema,
}

#[derive(Debug, Default, Args)]
pub(super) struct PackArgs {
    /// Load the packs of this directory too (repeatable)
    #[arg(long = "rules", value_name = "DIR", value_hint = ValueHint::AnyPath, global = true)]
    pub rules: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long, global = true)]
    pub no_builtin: bool,
}

/// What is said of the replies from outside.
#[derive(Debug, Default, Args)]
pub(super) struct FactsArgs {
    /// The language of the replies, over what they say themselves
    #[arg(long, value_name = "LANG")]
    pub language: Option<String>,
    /// How the replies reach the customer
    #[arg(long, value_parser = parse::<Channel>, value_name = "CHANNEL")]
    pub channel: Option<Channel>,
    /// Who reads the replies
    #[arg(long, value_parser = parse::<Customer>, value_name = "CUSTOMER")]
    pub customer: Option<Customer>,
}

/// Where the settings and the rules of a run come from.
#[derive(Debug, Default, Args)]
pub(super) struct SettingsArgs {
    /// Read this configuration file instead of the nearest `tonelint.yml`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, conflicts_with = "config")]
    pub isolated: bool,
    #[command(flatten)]
    pub packs: PackArgs,
}

#[derive(Debug, Default, Args)]
pub(super) struct CheckArgs {
    /// Files and directories; `-` is standard input, which is also read where no path is given
    #[arg(value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How to report, and into which file (`sarif=out.sarif`); repeatable, one of them to standard output
    #[arg(long, value_parser = OutputParser, value_name = "FORMAT[=FILE]", default_value = "human")]
    pub format: Vec<Output>,
    /// Write the report that goes to standard output into this file instead
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Read the paths to check from this file too, one a line or with zero bytes between them; `-` is
    /// standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files_from: Option<PathBuf>,
    /// The name to report standard input under; its ending says the format
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// How the input is written, whatever its name says
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Apply the rewrites that surely keep the meaning
    #[arg(long)]
    pub fix: bool,
    /// Apply the rewrites as well that a person should look at
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show as a diff what --fix would write, and write nothing
    #[arg(long, conflicts_with_all = ["format", "output", "redact", "statistics"])]
    pub diff: bool,
    /// Write a suppression for each finding, where it stands
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    pub add_suppressions: bool,
    /// Check the staged content of files that are staged, never the work tree
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "add_suppressions", "since"])]
    pub staged: bool,
    /// Report only what stands on lines changed since this revision
    #[arg(long, value_name = "REV", conflicts_with_all = ["fix", "unsafe_fixes", "diff", "add_suppressions"])]
    pub since: Option<String>,
    /// Leave ignored files out even where they are named
    #[arg(long)]
    pub force_exclude: bool,
    /// Report only what is not in this file of known findings
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,
    /// Write down the findings of now as known, and take out those that are mended
    #[arg(long, conflicts_with_all = ["staged", "since", "diff"])]
    pub write_baseline: bool,
    /// Run only these rules (codes, prefixes, names, families; comma-separated, repeatable)
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Report only findings at or above this severity
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub severity: Option<SeverityArg>,
    /// Exit with 1 at findings at or above this severity
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Exit with 1 at more warnings than this, and not at fewer
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
    #[command(flatten)]
    pub facts: FactsArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Check quoted text (`>`) too
    #[arg(long)]
    pub include_quotes: bool,
    /// Read files up to this size, at most 1024MiB; larger ones are errors [default: 64MiB]
    #[arg(long, value_parser = crate::config::file_size, value_name = "SIZE")]
    pub max_file_size: Option<usize>,
    /// Show no text of the replies in reports, only where and what is wrong
    #[arg(long)]
    pub redact: bool,
    /// Print how often each rule spoke
    #[arg(long)]
    pub statistics: bool,
    /// Print findings and errors only, no summary
    #[arg(long, short)]
    pub quiet: bool,
    /// Say which files are read and which configuration holds
    #[arg(long, short)]
    pub verbose: bool,
    /// How many threads to use; 0 is one for each processor
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}

#[derive(Debug, Args)]
pub(super) struct OutlineArgs {
    /// The file; `-` is standard input
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Show instead which bytes are prose, and which words are placeholders, code or links
    #[arg(long)]
    pub segments: bool,
    /// How to print the moves
    #[arg(long, value_enum, default_value_t = OutlineFormat::Text, conflicts_with = "segments")]
    pub format: OutlineFormat,
    /// The name of standard input; its ending says the format
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// How the input is written, whatever its name says
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    #[command(flatten)]
    pub facts: FactsArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Debug, Args)]
pub(super) struct TrustArgs {
    /// Files and directories; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = TrustFormat::Table)]
    pub format: TrustFormat,
    /// The language of the replies, over what they say themselves
    #[arg(long, value_name = "LANG")]
    pub language: Option<String>,
    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TrustFormat {
    /// A table, the worst first; with bars in a terminal
    Table,
    /// One object
    Json,
    /// Comma-separated values
    Csv,
}

#[cfg(feature = "lsp")]
#[derive(Debug, Args)]
pub(super) struct LspArgs {
    /// Taken for editors that say so; there is no other way
    #[arg(long)]
    pub stdio: bool,
    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[cfg(feature = "lsp")]
const LSP_HELP: &str = "\
An editor starts this; docs/editors.md says how to set it up in yours, docs/lsp.md what it can.
Replies are checked while they are written, with `tonelint.yml` and the editor's own settings.
Nothing but the protocol goes to standard output, and no text of a reply to standard error.

Exit status: 0 after `shutdown` and `exit`, 1 when the editor is gone without them.

To try it by hand in Neovim:
  nvim -c \"lua vim.lsp.start({ name = 'tonelint', cmd = { 'tonelint', 'lsp' } })\" draft.md";

const TRUST_HELP: &str = "\
trust = (1 - reply time / promised time) x 100

The times are `received`, `promised` and `sent` in front matter, columns or keys of exports,
and the heads of mails; a promise in the quoted thread serves where none is stated.
See docs/trust.md.

Exit status: 0 printed, 2 a usage, configuration or input error.";

const CHECK_HELP: &str = "\
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a usage, configuration, rule or input error.

Examples:
  tonelint check replies/
  pbpaste | tonelint check -
  tonelint check --format json --select PA,closing draft.md
  tonelint check --format sarif=tone.sarif --format human replies/";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// Excerpts, reasons and rewrites
    Human,
    /// One line a finding
    Compact,
    /// One object
    Json,
    /// One object a finding, each on its line
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// Checkstyle's XML
    Checkstyle,
    /// reviewdog's JSON, with suggestions
    Rdjson,
}

impl OutputFormat {
    /// Whether it is read by people rather than by programs.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Compact)
    }
}

/// A report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub format: OutputFormat,
    /// Where it goes; standard output where no file is named.
    pub file: Option<PathBuf>,
}

/// Reads `FORMAT` and `FORMAT=FILE`.
#[derive(Clone)]
pub(super) struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<Output, clap::Error> {
        let text = value.to_string_lossy();
        let (format, file) = match text.split_once('=') {
            Some((format, file)) => (format.to_owned(), Some(PathBuf::from(file))),
            None => (text.into_owned(), None),
        };
        let format =
            clap::builder::EnumValueParser::<OutputFormat>::new().parse_ref(command, arg, OsStr::new(&format))?;
        if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
            let message = "`--format FORMAT=FILE` names no file after the `=`\n";
            return Err(command.clone().error(clap::error::ErrorKind::ValueValidation, message));
        }
        let file = file.filter(|file| file.as_os_str() != "-");
        Ok(Output { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(OutputFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// Markdown
    Md,
    /// Plain text
    Txt,
    /// HTML
    Html,
    /// A mail
    Eml,
    /// JSON with many replies
    Json,
    /// YAML with many replies
    Yaml,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SeverityArg {
    Info,
    Warning,
    Error,
}

impl CheckArgs {
    /// Whether a finding is grave enough to be reported.
    pub(super) fn reports(&self, finding: &Finding) -> bool {
        self.severity.is_none_or(|least| finding.severity >= Severity::from(least))
    }
}

impl From<SeverityArg> for Severity {
    fn from(arg: SeverityArg) -> Self {
        match arg {
            SeverityArg::Info => Self::Info,
            SeverityArg::Warning => Self::Warning,
            SeverityArg::Error => Self::Error,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Info,
    #[default]
    Warning,
    Error,
    Never,
}

impl FailOn {
    /// The severity from which on a run fails.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

fn parse<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, String> {
    text.parse()
}
