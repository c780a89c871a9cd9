//! Bytes of anybody's making: every file of `fuzz/seeds/<target>` through the function of that name in `fuzz/targets.rs`.
//! `scripts/fuzz.sh` thinks of more; what it finds becomes one more file there.

#![expect(clippy::panic, clippy::expect_used, clippy::print_stdout, reason = "a test that cannot read its own files should stop")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

#[test]
fn every_case_that_was_found_holds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("seeds");
    for (name, target) in targets::ALL {
        let mut cases = 0;
        for case in fs::read_dir(seeds.join(name)).unwrap_or_else(|error| panic!("fuzz/seeds/{name}: {error}")) {
            let case = case.expect("a file").path();
            // The last one named is the one that came down.
            println!("{}", case.display());
            target(&fs::read(&case).expect("a file that can be read"));
            cases += 1;
        }
        assert!(cases > 0, "{name} has no case");
    }
    let folders = fs::read_dir(&seeds).expect("a folder").count();
    assert_eq!(folders, targets::ALL.len(), "a folder of seeds belongs to no target");
}
