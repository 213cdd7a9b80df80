//! The configuration file, `tonelint.yml`.

use std::sync::Arc;

use serde::Deserialize;

use super::{Config, Known};
use crate::format::{Format, TimeFields};
use crate::reply::{Channel, Customer, Facts};
use crate::rule::{Level, PackError};
use crate::time::{Hours, RawHours};
use crate::yaml::{self, Pairs, Step};

/// A configuration file's content.
#[derive(Clone, Debug, Default)]
pub struct FileConfig {
    /// The settings that hold for every file.
    pub config: Config,
    /// Directories with more packs, relative to the file.
    pub rules: Vec<String>,
    /// Sections for some files, in the order of the file.
    pub sections: Vec<Section>,
}

/// Settings for the files that a glob names.
#[derive(Clone, Debug)]
pub struct Section {
    /// The glob, relative to the configuration file.
    pub glob: String,
    /// What holds for them. Fields are paths such as `macros[].body`.
    pub known: Known,
}

/// What is wrong with a configuration file; it points into it.
pub type ConfigError = PackError;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Raw {
    language: Option<String>,
    channel: Option<Channel>,
    customer: Option<Customer>,
    select: Vec<String>,
    ignore: Vec<String>,
    severity: Pairs<Level>,
    rules: Vec<String>,
    vocabulary: Vec<String>,
    hours: RawHours,
    files: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    #[serde(rename = "match")]
    glob: String,
    language: Option<String>,
    channel: Option<Channel>,
    customer: Option<Customer>,
    format: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    times: TimeFields,
}

impl FileConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// If it is no YAML, or says something that no configuration can say.
    pub fn read(file: &str, text: &str) -> Result<Self, Box<ConfigError>> {
        let name: Arc<str> = file.into();
        let shared: Arc<str> = text.into();
        // An empty file says nothing, and that is fine.
        let raw: Option<Raw> =
            yaml::parse(text).map_err(|error| Box::new(PackError::of_yaml(&name, &shared, error)))?;
        let raw = raw.unwrap_or_default();
        let mut sections = Vec::new();
        for (index, section) in raw.files.into_iter().enumerate() {
            let format = section.format.as_deref().map(Format::of_system);
            if format == Some(None) {
                let path = [Step::Value("files".into()), Step::Item(index), Step::Value("format".into())];
                let near = crate::rule::nearest(section.format.as_deref().unwrap_or_default(), Format::systems());
                return Err(Box::new(PackError {
                    span: yaml::locate(&shared, &path),
                    file: name,
                    text: shared,
                    message: format!("unknown format `{}`", section.format.unwrap_or_default()),
                    help: near.map(|near| format!("did you mean `{near}`?")),
                }));
            }
            sections.push(Section {
                glob: section.glob,
                known: Known {
                    facts: Facts {
                        language: section.language,
                        channel: section.channel,
                        customer: section.customer,
                        ..Facts::default()
                    },
                    format: format.flatten(),
                    fields: section.fields,
                    times: section.times,
                },
            });
        }
        let hours = Hours::read(&raw.hours).map_err(|error| {
            let path = [Step::Value("hours".into()), Step::Value(error.key.into())];
            let span = yaml::locate(&shared, &path);
            Box::new(PackError { span, file: name, text: shared, message: error.message, help: None })
        })?;
        Ok(Self {
            config: Config {
                facts: Facts {
                    language: raw.language,
                    channel: raw.channel,
                    customer: raw.customer,
                    ..Facts::default()
                },
                select: raw.select,
                ignore: raw.ignore,
                severity: raw.severity.0,
                vocabulary: raw.vocabulary,
                hours,
                ..Config::default()
            },
            rules: raw.rules,
            sections,
        })
    }
}
