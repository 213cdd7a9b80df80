//! Trust and times: each statement of docs/trust.md, and the reader of times on what people write.

use std::sync::LazyLock;

use proptest::prelude::*;
use tonelint::report::{Bars, trust_table};
use tonelint::time::{Hours, Moment, Promise, PromiseError, Reader, Says, spoken};
use tonelint::trust::{Overall, Trust};
use tonelint::{Config, Linter, Source, builtin_packs};

use super::support::Folder;

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let packs = builtin_packs().expect("the built-in packs are right");
    let words = packs.into_iter().filter(|pack| pack.language == "en").find_map(|pack| pack.time);
    Reader::new(&words.expect("English has words for times"))
});
static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::builtin(Config::default()));

fn trust_in(name: &str, text: &str) -> Trust {
    let source = Source::new(name, text.as_bytes().to_vec()).expect("UTF-8");
    let (mut all, _) = LINTER.trust(&source, &tonelint::config::Known::default()).expect("it is readable");
    assert_eq!(all.len(), 1, "one reply");
    all.remove(0)
}

/// The trust of a reply with this front matter, or why it has none; and whether it is late.
fn of(front_matter: &str) -> (String, bool) {
    let trust = trust_in("reply.md", &format!("---\n{front_matter}\n---\nHi Anna,\n\nIt is corrected.\n"));
    let shown = trust.trust.map(|trust| trust.to_string());
    let reason = trust.reason.map(|reason| reason.words().to_owned());
    (shown.or(reason).unwrap_or_default(), trust.late)
}

fn times(received: &str, promised: &str, sent: &str) -> (String, bool) {
    of(&format!("received: {received}\npromised: {promised}\nsent: {sent}"))
}

fn is(number: &str, late: bool) -> (String, bool) {
    (number.to_owned(), late)
}

#[test]
fn the_formula() {
    let received = "2026-03-02T09:00+01:00";
    assert_eq!(times(received, "24h", "2026-03-02T15:00+01:00"), is("75", false));
    assert_eq!(times(received, "24h", "2026-03-03T03:00+01:00"), is("25", false));
    assert_eq!(times(received, "24h", "2026-03-03T15:00+01:00"), is("-25", true));
    assert_eq!(times(received, "24h", "2026-03-03T09:00+01:00"), is("0", false));
    assert_eq!(times(received, "24h", "2026-03-03T09:00:01+01:00"), is("0", true), "a second late is late");
    assert_eq!(times(received, "24h", received), is("100", false));
}

#[test]
fn promises_as_durations() {
    // Each promise is 24 hours, and the reply took 6.
    for promised in ["24h", "1d", "PT24H", "P1D", "1 day", "24 hours", "1440 min", "12h 12h"] {
        let wanted = if promised == "12h 12h" { "a time that cannot be read" } else { "75" };
        assert_eq!(times("2026-03-02 09:00", promised, "2026-03-02 15:00").0, wanted, "{promised}");
    }
    assert_eq!(times("2026-03-02 09:00", "1 week", "2026-03-02 09:00"), is("100", false));
    // A calendar month: 31 days of March, of which half have passed.
    assert_eq!(times("2026-03-01 00:00", "P1M", "2026-03-16 12:00"), is("50", false));
    // A day has 24 hours, also where the clocks change.
    assert_eq!(times("2026-03-28T12:00[Europe/Berlin]", "1d", "2026-03-29T13:00[Europe/Berlin]"), is("0", false));
}

#[test]
fn promises_as_deadlines_and_words() {
    let received = "2026-03-02T09:00+01:00"; // a Monday
    for (promised, sent, wanted) in [
        ("2026-03-02T17:00+01:00", "2026-03-02T11:00+01:00", "75"),
        ("2026-03-02 17:00", "2026-03-02T10:00Z", "75"),
        ("2026-03-02", "2026-03-03T00:00+01:00", "0"),
        ("within two hours", "2026-03-02 10:00", "50"),
        ("tomorrow at noon", "2026-03-03 12:00", "0"),
        ("by Friday 5 pm", "2026-03-06 17:00", "0"),
        ("end of day", "2026-03-02 13:00", "50"),
        ("1–2 business days", "2026-03-03 17:00", "0"),
        ("8 business hours", "2026-03-02 13:00", "50"),
    ] {
        assert_eq!(times(received, &format!("\"{promised}\""), sent).0, wanted, "{promised}");
    }
}

#[test]
fn times_are_read_in_every_usual_form() {
    for received in [
        "2026-03-02T09:00:00+01:00",
        "2026-03-02T08:00:00Z",
        "2026-03-02 08:00Z",
        "2026-03-02T09:00[Europe/Berlin]",
        "Mon, 2 Mar 2026 09:00:00 +0100",
        "1772438400",
        "1772438400000",
        "2 March 2026 at 9:00 am +0100",
        "March 2nd, 2026 9:00 AM +01:00",
    ] {
        assert_eq!(times(&format!("\"{received}\""), "24h", "2026-03-02T15:00+01:00"), is("75", false), "{received}");
    }
    assert_eq!(times("2026-03-02", "24h", "2026-03-02 06:00"), is("75", false), "a date alone is its first minute");
}

#[test]
fn no_promise_and_no_times() {
    assert_eq!(of("received: 2026-03-02 09:00\nsent: 2026-03-12 09:00"), is("no promise", false));
    assert_eq!(of("received: 2026-03-02 09:00\npromised: 1h"), is("not sent yet", false));
    assert_eq!(of("promised: 1h\nsent: 2026-03-12 09:00"), is("no time of receipt", false));
    assert_eq!(of("promised: 2026-03-11\nsent: 2026-03-12 09:00"), is("no time of receipt", true));
    assert_eq!(of("title: x"), is("no promise", false));
}

#[test]
fn a_zero_promise() {
    let (received, sent) = ("2026-03-02 09:00", "2026-03-02 10:00");
    for promised in ["0h", "0", "PT0S", "2026-03-02T09:00", "2026-03-01"] {
        assert_eq!(times(received, promised, sent), is("a promise of no time", false), "{promised}");
    }
}

#[test]
fn a_reply_before_the_question() {
    assert_eq!(times("2026-03-02 09:00", "8h", "2026-03-02 08:59"), is("sent before it was received", false));
    assert_eq!(
        times("2026-03-02 09:00", "2 business days", "2026-03-01 09:00"),
        is("sent before it was received", false)
    );
}

#[test]
fn time_zones() {
    // As moments.
    assert_eq!(times("2026-03-02T09:00+01:00", "PT8H", "2026-03-02T10:00Z"), is("75", false));
    // A time without a zone is in that of the receipt,
    assert_eq!(times("2026-03-02T09:00+01:00", "PT8H", "2026-03-02T11:00"), is("75", false));
    // or of the other,
    assert_eq!(times("2026-03-02T09:00", "PT8H", "2026-03-02T11:00-05:00"), is("75", false));
    // and where none has one, the clock on the wall counts, also when it is put forward.
    assert_eq!(times("2026-03-29T00:00", "4h", "2026-03-29T03:00"), is("25", false));
    assert_eq!(times("2026-03-29T00:00[Europe/Berlin]", "4h", "2026-03-29T03:00"), is("50", false));
    // Days in words are those of the receipt: it is Monday still in New York.
    assert_eq!(times("2026-03-02T21:00-05:00", "today", "2026-03-03T05:00Z"), is("0", false));
}

#[test]
fn business_time() {
    let friday = "2026-03-06 16:00";
    assert_eq!(times(friday, "2 business days", "2026-03-10 16:00"), is("0", false));
    assert!(times(friday, "2 business days", "2026-03-10 16:01").1);
    assert_eq!(times(friday, "2 business days", "2026-03-09 10:00"), is("87.5", false));
    assert_eq!(times("2026-03-07 12:00", "1 business day", "2026-03-09 09:00"), is("100", false));
    // Plain hours run through the night.
    assert!(times(friday, "8 hours", "2026-03-09 10:00").1);
    // In the zone of the receipt: 16:00 in Berlin.
    assert_eq!(times("2026-03-06T15:00Z[Europe/Berlin]", "2 business days", "2026-03-10T15:00Z"), is("0", false));
    assert_eq!(times("2026-03-06T16:00[Europe/Berlin]", "2 business days", "2026-03-10T15:00Z"), is("0", false));
    // Centuries are no work.
    assert!(times("0001-01-01 00:00", "1 business day", "9999-12-31 00:00").1);
}

#[test]
fn business_hours_of_ones_own() {
    let reply =
        "---\nreceived: 2026-12-24T16:00Z\npromised: 10 business hours\nsent: 2026-12-26T08:30Z\n---\nIt is done.\n";
    let hours = "hours:\n  days: [monday, tuesday, wednesday, thursday, friday, saturday]\n  from: \"08:00\"\n  to: \"18:00\"\n  zone: Europe/Berlin\n  holidays: [2026-12-25]\n";
    let folder = Folder::new(&[("tonelint.yml", hours), ("a.md", reply), (".git/keep", "")]);
    // Thursday 17 to 18, Friday is a holiday, Saturday 8 to 9:30.
    insta::assert_snapshot!(folder.run(&["trust", "a.md"]).shown());
    let mut shown = String::new();
    for wrong in [
        "days: [funday]",
        "days: []",
        "from: nine",
        "from: \"18:00\"",
        "zone: Mars/Base",
        "holidays: [christmas]",
        "lunch: 12",
    ] {
        let folder =
            Folder::new(&[("tonelint.yml", &format!("hours:\n  {wrong}\n")), ("a.md", reply), (".git/keep", "")]);
        shown.push_str(&format!("## {wrong}\n{}\n", folder.run(&["trust", "a.md"]).shown()));
    }
    insta::assert_snapshot!("business_hours_that_are_none", shown);
}

const MAIL: &str = "\
From: jo@example.com
Date: Wed, 4 Mar 2026 15:20:00 +0100
Subject: Your line
Content-Type: text/plain; charset=utf-8

Hi Ben,

The cable is replaced, and your line is stable again. I watched it for an hour.

Kind regards,
Jo

On Tue, 3 Mar 2026 at 10:00, Support of the Example Company <help@example.com>
wrote:
> Hi Ben,
> I'll get back to you by Wednesday
> at noon.
>
> On Tue, 3 Mar 2026 at 09:30, Ben wrote:
> > My line drops every hour. I will be back in 2 minutes.
";

#[test]
fn a_promise_in_the_thread() {
    let trust = trust_in("a.eml", MAIL);
    // 10:00 to noon of the next day are 26 hours; it took 29 and a third.
    assert_eq!((trust.trust, trust.late), (Some(-12.82), true));
    assert_eq!((trust.promised.as_deref(), trust.promised_in_thread), (Some("by Wednesday at noon"), true));
    assert_eq!(trust.from.as_deref(), Some("2026-03-03T10:00:00"));
    // A customer's own plans are no promise of an answer, a vague one is no promise, a stated one is stronger.
    let customers = MAIL.replace("I'll get back to you by Wednesday\n> at noon.", "Which line is it?");
    assert_eq!(trust_in("a.eml", &customers).reason.map(|reason| reason.words()), Some("no promise"));
    let vague = MAIL.replace("by Wednesday\n> at noon", "as soon as possible");
    assert_eq!(trust_in("a.eml", &vague).reason.map(|reason| reason.words()), Some("no promise"));
    let stated = MAIL.replace("\n\nHi Ben,\n\nThe", "\n\n---\npromised: 48h\n---\nHi Ben,\n\nThe");
    assert_eq!(trust_in("a.eml", &stated).promised.as_deref(), Some("48h"));
    // The head that Outlook writes.
    let outlook = "Your line is stable again.\n\nFrom: Support <help@example.com>\nSent: Tuesday, 3 March 2026 10:00\nTo: Ben\nSubject: Your line\n\nHi Ben, we will reply within 24 hours.\n";
    let outlook = format!("---\nsent: 2026-03-03T16:00\n---\n{outlook}");
    assert_eq!(trust_in("a.txt", &outlook).trust, Some(75.0));
    // Without a date above it, it counts from the receipt. What is quoted without a name is the customer's, and
    // what they quote is ours.
    let bare = "---\nreceived: 2026-03-03T10:00\nsent: 2026-03-03T16:00\n---\nIt is done.\n\n> Any news?\n>\n> > You will hear from us within 24 hours.\n";
    assert_eq!(trust_in("a.md", bare).trust, Some(75.0));
    let customers = bare.replace("> > You", "> You");
    assert_eq!(trust_in("a.md", &customers).reason.map(|reason| reason.words()), Some("no promise"));
}

#[test]
fn the_line_above_a_quote_is_no_prose() {
    let draft = "It is done. Let me know if it works.\n\nOn Tue, 3 Mar 2026 at 10:00, A very long name\n<help@example.com> wrote:\n\n> It drops.\n";
    for name in ["a.md", "a.txt"] {
        let folder = Folder::new(&[(name, draft)]);
        let shown = folder.run(&["outline", "--segments", name]);
        assert!(!shown.stdout.contains("long name") && shown.stdout.contains("It drops"), "{}", shown.stdout);
    }
}

#[test]
fn mails_without_a_readable_date() {
    let mail = MAIL.replace("Wed, 4 Mar 2026 15:20:00 +0100", "the other day");
    let folder = Folder::new(&[("a.eml", &mail)]);
    insta::assert_snapshot!(folder.run(&["trust", "a.eml"]).shown());
}

#[test]
fn exports() {
    let csv = "id,body,asked_at,sla,replied_at\n1,\"Hi, it is on its way.\",2026-03-02 09:00,4h,2026-03-02 10:00\n2,\"Hi, it is lost.\",2026-03-02 09:00,4h,never\n3,\"Hi, it is here.\",,,\n";
    let config = "files:\n  - match: \"*.csv\"\n    times: {received: asked_at, promised: sla, sent: replied_at}\n";
    let json = "{\"received\": 1772442000, \"macros\": [{\"name\": \"x\", \"body\": \"Hi, it is here.\", \"sent\": \"2026-03-02T10:00:00Z\", \"promised\": \"PT4H\"},\n {\"name\": \"y\", \"body\": \"Hi, it is gone.\", \"received\": \"2026-03-02T07:00Z\", \"sent\": \"2026-03-02T10:00:00Z\", \"promised\": 2}]}";
    let yaml = "replies:\n  - name: x\n    body: Hi, it is here.\n    received: 2026-03-02T09:00Z\n    sent: \"{{ticket.sent}}\"\n    promised: 4h\n";
    let folder =
        Folder::new(&[("a.csv", csv), ("b.json", json), ("c.yml", yaml), ("tonelint.yml", config), (".git/keep", "")]);
    insta::assert_snapshot!(folder.run(&["trust", "a.csv", "b.json", "c.yml"]).shown());
}

#[test]
fn what_cannot_be_read_is_pointed_at_and_the_rest_goes_on() {
    let bad = "---\ntitle: Refund\nreceived: 2026-03-02T09:00\npromised: two moons\nsent: yesterdayish\n---\nWe're sorry you have encountered this problem.\n";
    let good = "---\nreceived: 2026-03-02T09:00\npromised: 24h\nsent: 2026-03-02T15:00\n---\nIt is done.\n";
    let folder = Folder::new(&[("bad.md", bad), ("good.md", good)]);
    insta::assert_snapshot!("unreadable_trust", folder.run(&["trust", "bad.md", "good.md", "gone.md"]).shown());
    let checked = folder.run(&["check", "--format", "compact", "--select", "PA001,TM003", "bad.md", "good.md"]);
    insta::assert_snapshot!("unreadable_check", checked.shown());
    let mut shown = String::new();
    for promised in ["soon", "24", "-2h", "2h ago", "by the moon", "2026-02-30", "99999999999999999999h", "1e400"] {
        let text = format!(
            "---\nreceived: 2026-03-02T09:00\nsent: 2026-03-02T10:00\npromised: {promised}\n---\nIt is done.\n"
        );
        let folder = Folder::new(&[("a.md", &text)]);
        let run = folder.run(&["trust", "a.md"]);
        assert_eq!(run.status, 2, "{promised}");
        shown.push_str(&run.stderr);
    }
    insta::assert_snapshot!("no_promises", shown);
}

#[test]
fn keys_of_other_tools_are_left_alone() {
    for others in [
        "sent: true\nreceived: [a, b]\npromised: {a: b}",
        "sent:\nreceived: ''\npromised: null",
        "promised: \"{{sla}}\"\nreceived: \"{% now %}\"",
        "layout: post\ndate: whenever\ntags: [a]",
        "this is: no: yaml",
    ] {
        let folder = Folder::new(&[("a.md", &format!("---\n{others}\n---\nIt is done.\n"))]);
        let run = folder.run(&["trust", "a.md"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{others}");
        assert!(run.stdout.contains("(no promise)"), "{}", run.stdout);
    }
}

fn replies() -> Folder {
    let reply = |times: &str| format!("---\n{times}\n---\nHi Anna,\n\nYour invoice is corrected.\n");
    Folder::new(&[
        ("a/quick.md", &reply("received: 2026-03-02T09:00\npromised: 24h\nsent: 2026-03-02T15:00")),
        ("b/late.md", &reply("received: 2026-03-02T09:00\npromised: 24h\nsent: 2026-03-03T15:00")),
        ("b/slow, \"but\".md", &reply("received: 2026-03-02T09:00\npromised: 1d\nsent: 2026-03-03T03:00")),
        ("c/business.md", &reply("received: 2026-03-06T16:00\npromised: 2 business days\nsent: 2026-03-09T10:00")),
        ("c/never.md", &reply("received: 2026-03-06T16:00\npromised: 2 business days")),
    ])
}

#[test]
fn table() {
    insta::assert_snapshot!(replies().run(&["trust", "."]).shown());
    insta::assert_snapshot!(Folder::new(&[("a.md", "Hi.\n")]).run(&["trust", "a.md"]).shown());
}

#[test]
fn json_and_csv() {
    insta::assert_snapshot!("trust_json", replies().run(&["trust", "--format", "json", "b"]).shown());
    insta::assert_snapshot!("trust_csv", replies().run(&["trust", "--format", "csv", "."]).shown());
}

#[test]
fn bars_in_a_terminal() {
    let mut all = Vec::new();
    for (name, promised) in
        [("a.md", "24h"), ("b.md", "8h"), ("c.md", "5h"), ("d.md", "1h"), ("e.md", "2 business hours"), ("f.md", "")]
    {
        let text = format!(
            "---\nreceived: 2026-03-02T09:00\npromised: {promised}\nsent: 2026-03-02T15:00\n---\nIt is done.\n"
        );
        let source = Source::new(name, text.into_bytes()).expect("UTF-8");
        all.extend(LINTER.trust(&source, &tonelint::config::Known::default()).expect("readable").0);
    }
    let mut out = Vec::new();
    trust_table(&all, Some(Bars { width: 80, color: false }), &mut out).expect("written");
    insta::assert_snapshot!(String::from_utf8_lossy(&out));
    let mut narrow = Vec::new();
    trust_table(&all[..1], Some(Bars { width: 0, color: true }), &mut narrow).expect("written");
    insta::assert_snapshot!(String::from_utf8_lossy(&narrow).replace('\u{1b}', "ESC"));
}

#[test]
fn usage() {
    let folder = replies();
    assert_eq!(folder.run(&["trust"]).status, 2, "a file is needed");
    let piped = super::support::run_in(folder.path(), &["trust", "--format", "csv", "-"], "It is done.\n");
    assert_eq!(piped.status, 0, "{}", piped.stderr);
    assert!(
        piped.stdout.lines().nth(1).is_some_and(|line| line.starts_with("'-,,,false,no-promise")),
        "{}",
        piped.stdout
    );
}

#[test]
fn late_replies_are_found_unless_they_own_it() {
    let folder = replies();
    insta::assert_snapshot!(folder.run(&["check", "--format", "compact", "--select", "TM003", "."]).shown());
    let pack = "rules:\n  - name: late-without-new-time\n    message: \"this reply is {late} late and names no new time\"\n    require: {moves: [time], when: {late: true}}\n";
    let own = Folder::new(&[("tone/own.yml", pack), ("late.md", &folder.read("b/late.md"))]);
    let args = ["check", "--format", "compact", "--rules", "tone", "--select", "late-without-new-time", "late.md"];
    insta::assert_snapshot!(own.run(&args).shown());
}

#[test]
fn a_pack_with_wrong_words_of_time_points_at_them() {
    let pack = "language: en\ntime:\n  numbers: {many: -1}\n  units: {fortnight: [fortnight]}\n  weekdays: [[monday]]\n  clocks: {teatime: late}\n";
    let folder = Folder::new(&[("tone/t.yml", pack), ("a.md", "Hi.\n")]);
    insta::assert_snapshot!(folder.run(&["trust", "--rules", "tone", "a.md"]).shown());
}

#[test]
fn what_people_say_of_times() {
    let reader = &*READER;
    // Monday, 2 March 2026, 10:30.
    let said = Moment::read("2026-03-02T10:30").expect("a time");
    let hours = Hours::default();
    let mut shown = String::new();
    for text in [
        "I'll call you in two hours.",
        "You'll have it by Friday 5 pm.",
        "It ships within 1–2 business days.",
        "It takes 3-5 working days, or 2 to 3 weeks.",
        "I'll write tomorrow at noon.",
        "I'll write tomorrow.",
        "We reply in 24h (in an hour or two at night).",
        "within half an hour; in a couple of days; in the next 30 minutes; in forty-five minutes",
        "at 9:30 am tomorrow, by 17:00 today, at 10 a.m., at 5.30 pm, by 5 o'clock",
        "by Monday, by Monday at 10:00, by next Monday, this Wednesday, on Wednesday morning",
        "by the end of the day, by EOD Friday, by close of business, end of the week, by the end of next month, next week",
        "by March 5, on the 5th of March, by 5 March 2027 at 09:00 UTC, on 2026-03-09, by Jan. 7th, 2027",
        "on Mon, 9 Mar 2026 09:00:00 -0500",
        "By FRIDAY, we’ll know. The day after tomorrow.",
        "soon, shortly, ASAP, as soon as possible, in due course, at our earliest convenience, in a timely manner",
        // None of these is a time.
        "Version 2.5 costs 5 euros in may and you can do it in 3 steps.",
        "Open at your own risk, and log in on Android 12 to 3 of the may apps.",
        "I have 2 questions: 10:99, 31 February, 25:00, in 5.",
    ] {
        shown.push_str(&format!("{text}\n"));
        for found in reader.read(text) {
            let means = match &found.says {
                Says::Vague => "vague".to_owned(),
                says => match Promise::of_words(says, &said, &hours) {
                    Some(Promise::By(moment)) => format!("by {moment}"),
                    Some(Promise::Within { months, seconds }) => format!("{months} months, {}", spoken(seconds)),
                    Some(Promise::Business { days, hours }) => format!("{days} business days, {hours} business hours"),
                    None => "nothing".to_owned(),
                },
            };
            shown.push_str(&format!("    {:<34} {means}\n", found.span.of(text)));
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn lengths_of_time_in_short() {
    let shown: Vec<String> =
        [0, 59, 60, 3600, 5400, 86400, 108_000, -3600, 694_861].iter().map(|one| spoken(*one)).collect();
    assert_eq!(shown, ["0 min", "59 s", "1 min", "1 h", "1 h 30 min", "1 d", "1 d 6 h", "-1 h", "8 d 1 h"]);
}

#[test]
fn overall_is_the_mean() {
    let replies: Vec<Trust> = ["24h", "8h", "soon"]
        .iter()
        .map(|promised| {
            trust_in(
                "a.md",
                &format!(
                    "---\nreceived: 2026-03-02T09:00\npromised: {promised}\nsent: 2026-03-02T15:00\n---\nIt is done.\n"
                ),
            )
        })
        .collect();
    assert_eq!(Overall::of(&replies), Overall { trust: Some(50.0), measured: 2, late: 0, unmeasured: 1 });
    assert_eq!(Overall::of(&[]), Overall::default());
}

#[test]
fn vague_promises_are_none() {
    let (reader, start, hours) = (&*READER, Moment::read("2026-03-02T09:00").expect("a time"), Hours::default());
    assert_eq!(Promise::read("soon", &[reader], &start, &hours), Err(PromiseError::Vague));
}

proptest! {
    #[test]
    fn the_reader_takes_any_text(text in "(?s)([a-z0-9 :.,/–+-]{0,20}|.{0,10}|by |within |in |2026-|march |friday |[0-9]{1,30}| (am|pm|h|business|days)){0,12}") {
        let reader = &*READER;
        let hours = Hours::default();
        let start = Moment::read("9999-12-31T23:00+01:00").expect("a time");
        let mut last = 0;
        for found in reader.read(&text) {
            prop_assert!(found.span.start >= last && !found.span.is_empty());
            prop_assert!(text.get(found.span.start..found.span.end).is_some());
            last = found.span.end;
            if let Some(promise) = Promise::of_words(&found.says, &start, &hours) {
                let _ = promise.measure(&start, &start, &hours);
            }
        }
        let _ = (reader.dated(&text), reader.promises(&text), reader.whole(&text), Moment::read(&text));
        let _ = Promise::read(&text, &[reader], &start, &hours);
    }

    /// Two stretches of business time that meet are one.
    #[test]
    fn business_time_adds_up(days in proptest::array::uniform3(0_i64..60_000_000)) {
        let mut days = days;
        days.sort_unstable();
        let start = Moment::read("2026-01-01T00:00Z").expect("a time");
        let [a, b, c] = days.map(|seconds| start.after(0, seconds));
        let hours = Hours::default();
        prop_assert_eq!(hours.between(&a, &b) + hours.between(&b, &c), hours.between(&a, &c));
        prop_assert_eq!(hours.between(&c, &a), -hours.between(&a, &c));
    }

    /// Who takes longer has less trust, and what is late is below 0.
    #[test]
    fn later_is_less(promised in 1_i64..10_000, one in 0_i64..20_000, other in 0_i64..20_000) {
        let of = |took: i64| {
            let sent = Moment::read("2026-01-01T00:00Z").expect("a time").after(0, took * 60);
            trust_in("a.md", &format!("---\nreceived: 2026-01-01T00:00Z\npromised: {promised} min\nsent: {sent}\n---\nIt is done.\n"))
        };
        let (one_trust, other_trust) = (of(one), of(other));
        prop_assert_eq!(one_trust.late, one > promised);
        prop_assert!(one <= other || one_trust.trust <= other_trust.trust);
    }
}

#[test]
fn lengths_of_time_that_promise_the_same_are_equal() {
    let read = |text: &str| READER.length(text);
    for (one, same) in [
        ("24-48 hours", "two days"),
        ("24 – 48 hours", "48h"),
        ("a day", "24 hours"),
        ("about a week", "7 days"),
        ("3 to 5 business days", "5 working days"),
        ("an hour or two", "120 minutes"),
        ("within 2 days, at most 3 days", "3 days"),
    ] {
        assert!(read(one).is_some(), "{one}");
        assert_eq!(read(one), read(same), "{one} and {same}");
    }
    assert_ne!(read("2 business days"), read("two days"));
    assert_ne!(read("8 business hours"), read("8 business days"));
    for no_length in ["99999999999 days", "a few days", "days", "by Friday", ""] {
        assert_eq!(read(no_length), None, "{no_length}");
    }
}
