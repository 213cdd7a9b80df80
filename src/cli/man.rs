//! `tonelint man`: the manual pages, one for each command.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Cli;
use super::terminal::Terminal;
use super::{Exit, Failure};

pub(super) fn run(command: &[String], out: Option<&Path>, terminal: &Terminal) -> Result<Exit, Failure> {
    // A command that only prints the help of others needs no page.
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = out {
        let said = |error: &std::io::Error| Failure::Said(format!("{}: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(|error| said(&error))?;
        let mut waiting = vec![&root];
        while let Some(one) = waiting.pop() {
            let page = page(one);
            let mut text = Vec::new();
            page.render(&mut text)?;
            fs::write(folder.join(page.get_filename()), text).map_err(|error| said(&error))?;
            waiting.extend(one.get_subcommands().filter(|one| !one.is_hide_set()));
        }
        return Ok(Exit::Clean);
    }
    let mut wanted = &root;
    for name in command {
        let Some(one) = wanted.find_subcommand(name) else {
            let parent = wanted.get_bin_name().unwrap_or("tonelint");
            return Err(Failure::Said(format!("{parent} has no command `{name}`; `{parent} --help` lists them")));
        };
        wanted = one;
    }
    let mut text = Vec::new();
    page(wanted).render(&mut text)?;
    let mut stdout = terminal.out();
    std::io::Write::write_all(&mut stdout, &text)?;
    Ok(Exit::Clean)
}

fn page(command: &clap::Command) -> Man {
    Man::new(command.clone()).source(concat!("tonelint ", env!("CARGO_PKG_VERSION"))).manual("tonelint")
}
