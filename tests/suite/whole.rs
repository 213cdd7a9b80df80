//! Whole replies: their outline, what they lack, and what the customer wrote before.

use super::support::Folder;

const REPLY: &str = "Hi Ana,

I'm sorry that we charged you twice. I've refunded $20 to your card today; it takes 3 to 5 days to show on your
statement. Could you send me your order number, so that I can see why it happened?

Let me know if you have any questions.

Best,
Tim

> You charged me twice for order 48213! This is ridiculous.
";

fn folder() -> Folder {
    Folder::new(&[("refund.md", REPLY), ("macros.json", MACROS)])
}

const MACROS: &str = r#"{"macros": [
  {"title": "Hours", "actions": [{"field": "comment_value", "value": "Hi {{ticket.requester.first_name}},\n\nWe open at nine.\n\nMia"}]},
  {"title": "Lamp", "actions": [{"field": "comment_value", "value": "Hi,\n\nYou can return the lamp. Sorry about the glass."}]}
]}"#;

#[test]
fn an_outline_names_the_moves_of_each_sentence() {
    insta::assert_snapshot!(folder().run(&["outline", "refund.md"]).shown());
}

#[test]
fn an_outline_shows_each_reply_of_a_file() {
    insta::assert_snapshot!(folder().run(&["outline", "macros.json"]).shown());
}

#[test]
fn an_outline_as_json() {
    insta::assert_snapshot!(folder().run(&["outline", "refund.md", "--format", "json"]).shown());
}

#[test]
fn what_the_customer_gave_already_is_shown_beside_the_question() {
    insta::assert_snapshot!(folder().run(&["check", "refund.md", "--select", "RC003"]).shown());
    insta::assert_snapshot!(folder().run(&["check", "refund.md", "--select", "RC003", "--format", "json"]).shown());
}

#[test]
fn a_kind_of_customer_has_a_page() {
    let run = folder().run(&["explain", "meek"]);
    assert_eq!(run.status, 0);
    for word in ["meek", "Write", "Don't write", "Rules that change"] {
        assert!(run.stdout.contains(word), "{}", run.shown());
    }
    insta::assert_snapshot!(folder().run(&["explain", "mek"]).shown());
}

#[test]
fn a_condition_about_the_customer_needs_their_words() {
    let quoted = "I found it with the number.\n\n> My order is 48213.\n";
    let folder = Folder::new(&[("a.md", quoted), ("b.md", "Could you send me your order number?\n")]);
    assert_eq!(folder.run(&["check", ".", "--select", "RC"]).status, 0);
}
