//! The program as a process. What it does is tested by the black-box suites; a debug build of it comes with this test.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod function_processes;
#[cfg(test)]
mod hostile_functions;

use std::process::Command;

#[test]
fn it_says_its_name_and_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_keyfront")).arg("--version").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        concat!("keyfront ", env!("CARGO_PKG_VERSION"), "\n")
    );
}
