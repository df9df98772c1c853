//! Results that cannot be written.

use crate::exits::{Ended, Place};

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_no_success() {
    let place = Place::new("full");
    place.scenario("one", "steps: [ { event: {} } ]\n");
    for arguments in [
        &["run", "one"][..],
        &["run"],
        &["list"],
        &["schema"],
        &["--help"],
        &["--version"],
        &["urls", "one"],
        &["check"],
        &["serve", "one", "--mambu", "127.0.0.1:0", "--mpo", "127.0.0.1:0"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = place.command(arguments);
        let ended = Ended::from(command.stdout(full).output().unwrap());
        assert_eq!(ended.code, 3, "{arguments:?}");
        let told = ended.stderr.contains("results could not be printed");
        assert!(told, "{arguments:?}: {}", ended.stderr);
    }
    let report = place.run(&["run", "one", "--report", "junit=/dev/full"]);
    assert_eq!(report.code, 3, "{}", report.stderr);
    let report = place.run(&["run", "one", "--report", "junit=/dev/stdout"]);
    assert!(report.stdout.contains("<testsuites"), "{}", report.stdout);
}
