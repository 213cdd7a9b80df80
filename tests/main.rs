//! All tests that see tonelint from outside: one binary, a module for each subject.

#![expect(clippy::expect_used, reason = "a test that cannot go on should say where")]

mod suite {
    mod changes;
    mod cli;
    mod configuration;
    mod exports;
    mod fixes;
    mod hook;
    mod properties;
    mod replies;
    mod reports;
    mod rules;
    mod support;
    mod suppressions;
    mod tidy;
}
