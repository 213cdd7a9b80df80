use super::Report;
use crate::rule::Rule;

/// What stands where a reply's words stood.
const REDACTED: &str = "…";

impl Report {
    /// Takes every word of the replies out of the findings: they say where, which rule and why, and
    /// the rewrites are the rule's own, with their gaps.
    pub fn redact(&mut self, rules: &[&Rule]) {
        for finding in self.findings.iter_mut().chain(&mut self.suppressed).chain(&mut self.known) {
            finding.text = String::new();
            finding.prose = String::new();
            finding.rewrites = Vec::new();
            let rule = rules.iter().find(|rule| rule.code == finding.code && rule.name == finding.name);
            let (message, help) = match rule {
                Some(rule) => {
                    let message = rule.message.fill(|_| Some(REDACTED.to_owned())).0;
                    let help =
                        rule.rewrites.first().map(|rewrite| rewrite.to.written()).filter(|text| !text.is_empty());
                    (message, help.map_or_else(|| rule.why.clone(), |text| format!("write: {text}")))
                }
                None => (finding.name.clone(), String::new()),
            };
            // What is said of other places may be their words; a note of a clause is the rule's own.
            if let Some(across) = rule.and_then(|rule| rule.across.as_ref()) {
                let note = across.note.fill(|_| Some(REDACTED.to_owned())).0;
                finding.related.iter_mut().for_each(|related| related.message.clone_from(&note));
            }
            finding.message = message;
            finding.help = help;
        }
    }
}
