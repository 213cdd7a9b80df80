//! All tests that see tonelint from outside: one binary, a module for each subject.

#![expect(clippy::expect_used, reason = "a test that cannot go on should say where")]

mod suite {
    mod changes;
    mod ci;
    mod cli;
    mod compared;
    mod configuration;
    mod docs;
    mod exports;
    mod facts;
    mod fixes;
    mod hook;
    mod inert;
    mod interactive;
    #[cfg(feature = "lsp")]
    mod lsp;
    mod peers;
    mod promises;
    mod properties;
    mod replies;
    mod reports;
    mod repository;
    mod rules;
    mod schema;
    mod support;
    mod suppressions;
    mod threads;
    mod tidy;
    mod trust;
    mod walkthrough;
    mod whole;
}
