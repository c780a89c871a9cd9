//! Where the time goes, part by part, on the sample extracts: opening an extract, reading its records, deciding and counting.
#![expect(clippy::unwrap_used, reason = "a bench stops where something is wrong")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use dqoh::cli::read_folder;
use dqoh::evaluate::run::run;
use dqoh::extract::Extract;
use dqoh::framework::{Framework, Rules, View};
use std::path::{Path, PathBuf};

fn parts(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let extract: PathBuf = root.join("sample-extracts");
    let rules = Rules::read(&read_folder(&root.join("benches/ten")).unwrap());
    let rulebook = rules.sound().unwrap();
    let frameworks: [Framework; 1] = [rulebook.at(rulebook.period().to, View::YearEnd).0];
    let codes = &frameworks[0].codes;
    let read = || {
        let mut extract = Extract::open(&extract).unwrap();
        extract.records(codes, &|_| {}).unwrap()
    };

    criterion.bench_function("open an extract: practices and people", |bench| bench.iter(|| Extract::open(&extract).unwrap()));
    criterion.bench_function("read its records", |bench| {
        bench.iter_batched(
            || Extract::open(&extract).unwrap(),
            |mut opened| opened.records(codes, &|_| {}).unwrap(),
            BatchSize::LargeInput,
        );
    });
    criterion.bench_function("decide and count, one thread", |bench| {
        bench.iter_batched(
            read,
            |records| {
                run(&frameworks, records, Some(1), |records| (u32::try_from(records.practice).unwrap(), records.patients(codes)))
                    .unwrap()
                    .tally
            },
            BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, parts);
criterion_main!(benches);
