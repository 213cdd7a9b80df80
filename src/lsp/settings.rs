//! What the client's own settings say, which stands over `tonelint.yml` as what is typed does.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::reply::{Channel, Customer};

/// The settings of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file to read instead of the nearest.
    pub configuration: Option<PathBuf>,
    /// Directories with more packs.
    pub rules: Vec<PathBuf>,
    /// The rules to run.
    pub select: Vec<String>,
    /// Rules not to run.
    pub ignore: Vec<String>,
    /// Who reads the replies.
    pub customer: Option<Customer>,
    /// The language of the replies.
    pub language: Option<String>,
    /// How the replies reach the customer.
    pub channel: Option<Channel>,
    /// Whether the moves are shown in the text.
    pub inlay_hints: bool,
    /// Whether a document is checked when it is saved, and not while it is written.
    pub on_save: bool,
}

const KEYS: [&str; 9] =
    ["configuration", "rules", "select", "ignore", "customer", "language", "channel", "inlayHints", "run"];

impl Settings {
    /// Reads settings, and says what of them cannot be. `folder` is what paths are relative to.
    pub(super) fn read(value: &Value, folder: Option<&Path>) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let mut wrong = Vec::new();
        // Some clients send the whole section by its name.
        let value = value.get("tonelint").filter(|inner| inner.is_object()).unwrap_or(value);
        let Some(map) = value.as_object() else {
            if !value.is_null() {
                wrong.push("the settings are no object".to_owned());
            }
            return (settings, wrong);
        };
        let path = |text: &str| folder.map_or_else(|| PathBuf::from(text), |folder| folder.join(text));
        for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            let said = match key.as_str() {
                "configuration" => text(value).map(|text| settings.configuration = text.map(path)),
                "rules" => list(value).map(|list| settings.rules = list.iter().map(|text| path(text)).collect()),
                "select" => list(value).map(|list| settings.select = list),
                "ignore" => list(value).map(|list| settings.ignore = list),
                "language" => text(value).map(|text| settings.language = text.map(str::to_owned)),
                "customer" => text(value).and_then(|text| {
                    settings.customer = text.map(str::parse).transpose()?;
                    Ok(())
                }),
                "channel" => text(value).and_then(|text| {
                    settings.channel = text.map(str::parse).transpose()?;
                    Ok(())
                }),
                "inlayHints" => match value.as_bool() {
                    Some(on) => {
                        settings.inlay_hints = on;
                        Ok(())
                    }
                    None => Err("it is true or false".to_owned()),
                },
                "run" => match value.as_str() {
                    Some(when @ ("onType" | "onSave")) => {
                        settings.on_save = when == "onSave";
                        Ok(())
                    }
                    _ => Err("it is \"onType\" or \"onSave\"".to_owned()),
                },
                unknown => {
                    let near = crate::rule::nearest(unknown, KEYS.into_iter());
                    Err(near.map_or("there is no such setting".to_owned(), |near| format!("did you mean `{near}`?")))
                }
            };
            if let Err(message) = said {
                wrong.push(format!("setting `tonelint.{key}`: {message}"));
            }
        }
        (settings, wrong)
    }
}

/// A text; an empty one says nothing.
fn text(value: &Value) -> Result<Option<&str>, String> {
    let text = value.as_str().ok_or("it is a text, or null")?.trim();
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A list of texts, or one.
fn list(value: &Value) -> Result<Vec<String>, String> {
    let wrong = || "it is a list of texts".to_owned();
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect(),
        _ => Err(wrong()),
    }
}
