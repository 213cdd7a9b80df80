//! Promises in quoted threads: whole mails in, what `tonelint trust` and TM003 say of them out.

use super::support::Folder;

const HEAD: &str = "From: Tim <tim@shop.example>\nDate: Thu, 05 Mar 2026 15:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\nHi Anna,\n\nYour lamp left our depot this morning. Tell me if the time is bad.\n\nTim\n\n";

/// What is said of each of some mails, which are shown as well.
fn told(mails: &[(&str, &str, String)]) -> String {
    let mut shown = String::new();
    for (name, why, mail) in mails {
        let folder = Folder::new(&[(name, mail)]);
        let trust = folder.run(&["trust", "--format", "csv", name]);
        let row = trust.stdout.lines().nth(1).unwrap_or_default();
        let check = folder.run(&["check", "--select", "TM003", "--format", "compact", "--quiet", name]);
        let below = mail.split_once("Tim\n\n").map_or(mail.as_str(), |(_, below)| below);
        shown.push_str(&format!("## {why}\n{below}---\n{row}{}\n{}\n", trust.stderr, check.stdout));
    }
    shown
}

fn mail(below: &str) -> String {
    format!("{HEAD}{below}")
}

const OURS: &str = "> On Mon, 2 Mar 2026 at 09:00, Tim wrote:\n>> I'll get back to you within two days.\n";
const ANNA: &str = "On Tue, 3 Mar 2026 at 10:00, Anna wrote:\n";

#[test]
fn heads_and_depth_end_a_sentence() {
    let blank = OURS.replace("wrote:\n", "wrote:\n>\n");
    let wrapped = OURS.replace("09:00, Tim wrote:", "09:00, Tim of the Shop for Lamps\n> <tim@shop.example> wrote:");
    let mails = [
        ("a.eml", "the head stands right above the promise", mail(&format!("{ANNA}> Where is it?\n>\n{OURS}"))),
        ("a.eml", "an empty line after the head says the same", mail(&format!("{ANNA}> Where is it?\n>\n{blank}"))),
        ("a.eml", "nothing stands before the head", mail(&format!("{ANNA}> Where is it\n{OURS}"))),
        (
            "a.eml",
            "words of the customer that go on",
            mail(&format!("{ANNA}> I will wait to hear from you\n>\n{OURS}")),
        ),
        ("a.eml", "a wrapped head", mail(&format!("{ANNA}> Where is it?\n>\n{wrapped}"))),
        (
            "a.eml",
            "the date stands last in the head",
            mail(&format!(
                "{ANNA}> Any news?\n>\n> Tim wrote on 2 March 2026:\n>> Hi Anna, we will reply within 24 hours.\n"
            )),
        ),
        (
            "a.eml",
            "no head: the depth alone",
            mail(&format!("{ANNA}> Any news?\n>> I'll get back to you within two days.\n")),
        ),
        (
            "a.eml",
            "answered below the quote",
            mail(&format!("{ANNA}{OURS}>\n> You'll hear from me by Friday, then.\n")),
        ),
        (
            "a.eml",
            "lines that end as mails' do",
            mail(&format!("{ANNA}> Where is it?\n>\n{OURS}")).replace('\n', "\r\n"),
        ),
    ];
    insta::assert_snapshot!(told(&mails));
}

#[test]
fn whose_promise_it_is() {
    let asks = "> Please reply within 24 hours, or I will call you by Wednesday noon.\n";
    let threatens = "> You'll hear from me by Friday if this is not solved.\n";
    let older = ">\n> On Sun, 1 Mar 2026 at 09:00, Anna wrote:\n>> You'll hear from me within the hour.\n>>\n>> On Sat, 28 Feb 2026 at 09:00, Tim wrote:\n>>> I'll get back to you by Monday.\n";
    let unnamed = |text: &str| mail(text).replace("From: Tim <tim@shop.example>\n", "From: help@shop.example\n");
    let mails = [
        ("a.eml", "the customer asks for an answer", mail(&format!("{ANNA}{asks}>\n{OURS}"))),
        ("a.eml", "the customer threatens", mail(&format!("{ANNA}{threatens}>\n{OURS}"))),
        ("a.eml", "nothing but the customer", mail(&format!("{ANNA}{threatens}"))),
        (
            "a.eml",
            "we wrote last",
            mail("On Mon, 2 Mar 2026 at 09:00, Tim wrote:\n> I'll get back to you within two days.\n"),
        ),
        (
            "a.eml",
            "a colleague at our address",
            mail(
                "On Mon, 2 Mar 2026 at 09:00, Support <help@shop.example> wrote:\n> I'll get back to you within two days.\n",
            ),
        ),
        (
            "a.eml",
            "our last message is what counts, and it promised nothing",
            mail(&format!("On Mon, 2 Mar 2026 at 09:00, Tim wrote:\n> It is lost.\n{older}")),
        ),
        ("a.eml", "no head names us: every second one is ours", unnamed(&format!("{ANNA}{threatens}>\n{OURS}"))),
        (
            "a.eml",
            "a copied head of the customer",
            mail(
                "-----Original Message-----\nFrom: Anna\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Tim\nSubject: Lamp of 1 May 2025\n\nYou will hear from me by Wednesday 5 pm.\n\nFrom: Tim\nSent: Monday, March 2, 2026 9:00 AM\nTo: Anna\nSubject: Lamp of 1 May 2025\n\nI'll get back to you within two days.\n",
            ),
        ),
    ];
    insta::assert_snapshot!(told(&mails));
}

/// Drafts have no `From`: the greeting says who the customer is.
#[test]
fn drafts_and_pages() {
    let front = "---\nsent: 2026-03-05T15:00\n---\n";
    let draft = |greeting: &str, below: &str| {
        format!("{front}{greeting}Your lamp left our depot this morning.\n\nTim\n\n{below}")
    };
    let threatens = format!(
        "{ANNA}\n> You'll hear from me by Friday if this is not solved.\n>\n> {}",
        OURS.trim_start_matches("> ")
    );
    let support = "On Tue, 3 Mar 2026 at 10:00, Support wrote:\n\n> I'll get back to you within two days.\n";
    let asks = "On Tue, 3 Mar 2026 at 10:00, Anna wrote:\n\n> Please reply within 24 hours, or I will call you by Wednesday noon.\n";
    let html = format!(
        "{front}<p>Hi Anna,</p><p>It is on its way.</p><p>Tim\n\n</p><blockquote><p>Any news?</p><div>On Mon, 2 Mar 2026 at 09:00, Tim wrote:</div><blockquote>I'll get back to you within two days.</blockquote></blockquote>\n"
    );
    let mails = [
        ("a.md", "whom the reply greets is the customer", draft("Hi Anna,\n\n", &threatens)),
        ("a.txt", "in plain text too", draft("Hi Anna,\n\n", &threatens)),
        ("a.md", "nobody is greeted: a promise counts", draft("", support)),
        ("a.md", "nobody is greeted: a request does not", draft("", asks)),
        ("a.html", "a page", html),
    ];
    insta::assert_snapshot!(told(&mails));
}

/// The language's reader alone: where the time of a promise stands, and what is none.
#[test]
fn promises_in_sentences() {
    let packs = tonelint::builtin_packs().expect("the built-in packs are right");
    let words = packs.into_iter().filter(|pack| pack.language == "en").find_map(|pack| pack.time);
    let reader = tonelint::time::Reader::new(&words.expect("English has words for times"));
    let texts = [
        "I'll get back to you within two days.",
        "Within 24 hours you will hear from us.",
        "We will, by Friday, reply.",
        "As I will be away on Friday, we'll reply by Monday.",
        "Please reply within 24 hours, or I will call you by Wednesday noon.",
        "Please reply within 7 days, otherwise we will contact the courier.",
        "Will you get back to me by Friday?",
        "You will hear from us soon.",
        "Anna will be back on Friday.",
        "You'll hear by noon! We usually reply within 8 hours.",
    ];
    let mut shown = String::new();
    for text in texts {
        let found = reader.promises(text);
        let found: Vec<String> = found
            .iter()
            .map(|one| format!("`{}`{}", one.span.of(text), if one.after_request { " after a request" } else { "" }))
            .collect();
        shown.push_str(&format!(
            "{text}\n    {}\n",
            if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        ));
    }
    insta::assert_snapshot!(shown);
}

/// A thread of many turns, heads and depths is read in one go and ends no run.
#[test]
fn threads_that_nobody_writes() {
    let mut mails = vec![
        mail(&format!("{ANNA}{}\n", "> > ".repeat(3000))),
        mail(&format!("{ANNA}{} I'll reply by Friday.\n", ">".repeat(5000))),
        mail(&">a 2026:\n>>b\n".repeat(5000)),
        mail(&"From: Anna\nSent: 2 March 2026 10:00\n\nI will reply by Friday\n".repeat(2000)),
        mail(&format!("> {}:\n>> x\n", "2026 ".repeat(20_000))),
        mail(&format!("{ANNA}> {}\n", "I will reply by Friday ".repeat(5000))),
        mail(">:\n>>:\n>>>:\n>\n>>\n>:"),
    ];
    mails.push(
        mails[2].replace("From: Tim", &format!("To: {}b@c.example\nFrom: Tim", "Anna <a@b.example>, ".repeat(2000))),
    );
    for mail in mails {
        let folder = Folder::new(&[("a.eml", &mail)]);
        let run = folder.run(&["trust", "--format", "csv", "a.eml"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", mail.get(..400).unwrap_or(&mail));
    }
}
