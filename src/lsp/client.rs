//! What the client can, as far as it matters here. What it says otherwise is passed over: a capability
//! that is written wrong is one that it does not have.

use serde_json::Value;

use crate::text::Encoding;

/// What the client can.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics itself.
    pub(super) pulls: bool,
    pub(super) refreshes_diagnostics: bool,
    pub(super) refreshes_hints: bool,
    /// It takes what a document needs with the version that this is for.
    pub(super) versioned_edits: bool,
    pub(super) creates_files: bool,
    pub(super) applies_edits: bool,
    /// It walks through the gaps of a text that it puts in.
    pub(super) snippets: bool,
    pub(super) configuration: bool,
    pub(super) registers_configuration: bool,
    pub(super) registers_watchers: bool,
}

impl Client {
    pub(super) fn read(params: &Value) -> Self {
        let at = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let has = |path: &str| at(path).is_some_and(|value| value.as_bool().unwrap_or(value.is_object()));
        let lists = |path: &str, word: &str| {
            let list = at(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(word)))
        };
        let encoding = [("utf-8", Encoding::Utf8), ("utf-16", Encoding::Utf16), ("utf-32", Encoding::Utf32)];
        let offered = at("general/positionEncodings").and_then(Value::as_array);
        // The client names first what it likes best.
        let agreed = offered.into_iter().flatten().find_map(|one| {
            encoding.iter().find(|(name, _)| one.as_str() == Some(name)).map(|(_, encoding)| *encoding)
        });
        Self {
            encoding: agreed.unwrap_or(Encoding::Utf16),
            pulls: has("textDocument/diagnostic"),
            refreshes_diagnostics: has("workspace/diagnostics/refreshSupport"),
            refreshes_hints: has("workspace/inlayHint/refreshSupport"),
            versioned_edits: has("workspace/workspaceEdit/documentChanges"),
            creates_files: lists("workspace/workspaceEdit/resourceOperations", "create"),
            applies_edits: has("workspace/applyEdit"),
            snippets: has("textDocument/completion/completionItem/snippetSupport"),
            configuration: has("workspace/configuration"),
            registers_configuration: has("workspace/didChangeConfiguration/dynamicRegistration"),
            registers_watchers: has("workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }
}
