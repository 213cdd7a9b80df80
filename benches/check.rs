//! How fast real replies are checked. Each figure stands beside a reference from the same run: how
//! fast the same bytes are read as UTF-8 and their line ends counted.

#![allow(missing_docs, reason = "the macro of criterion writes an undocumented function")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on should say where")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tonelint::{Config, Linter, Source};

fn replies() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md" || ending == "txt") {
                let bytes = std::fs::read(&path).expect("a file");
                sources.push(Source::new(path.to_string_lossy(), bytes).expect("a text"));
            }
        }
    }
    sources.sort_by(|one, other| one.name().cmp(other.name()));
    sources
}

fn check(criterion: &mut Criterion) {
    let sources = replies();
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    let linter = Linter::builtin(Config::default());

    let mut group = criterion.benchmark_group("real replies");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("reference: UTF-8 and line ends", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                let text = std::str::from_utf8(black_box(source.text().as_bytes())).expect("UTF-8");
                black_box(text.bytes().filter(|byte| *byte == b'\n').count());
            }
        });
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                black_box(linter.lint(black_box(source)));
            }
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("start");
    group.bench_function("read and compile the built-in rules, check one line", |bencher| {
        let draft = Source::new("draft.txt", b"Thanks, it works again.".to_vec()).expect("a text");
        bencher.iter(|| black_box(Linter::builtin(Config::default()).lint(&draft)));
    });
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
