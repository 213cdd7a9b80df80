//! Commands.

/// Puts a word into the vocabulary of the nearest configuration: `[uri, word]`.
pub(super) const ADD_TO_VOCABULARY: &str = "tonelint.addToVocabulary";
/// Switches a rule off in the nearest configuration: `[uri, code]`.
pub(super) const DISABLE_RULE: &str = "tonelint.disableRule";
/// Applies all safe rewrites: `[uri]`.
pub(super) const FIX_ALL: &str = "tonelint.fixAll";
/// The outline of a document: `[uri]`.
pub(super) const OUTLINE: &str = "tonelint.outline";
/// Checks a text that is not open: `[text, {languageId, uri?}]`.
pub(super) const CHECK_TEXT: &str = "tonelint.checkText";
/// All commands.
pub(super) const ALL: [&str; 5] = [ADD_TO_VOCABULARY, DISABLE_RULE, FIX_ALL, OUTLINE, CHECK_TEXT];
