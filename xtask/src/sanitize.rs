//! The engine of functions, compiled with AddressSanitizer, against hostile functions.
//!
//! Only the engine is instrumented, which is C; Rust stays as it is, because a stable compiler has no sanitizer. The C
//! compiler brings the sanitizer's library, which goes before all others when the tests start. No leaks are looked for:
//! the engine leaks what it is making when it gets no memory, and is dropped then.

use crate::command::{self, Failure, command};
use crate::workspace::Workspace;

/// Builds the tests of functions with the sanitizer and runs those about hostile functions. Returns what is missing on
/// this machine, if something is.
pub(crate) fn run(workspace: &Workspace) -> Result<Option<String>, Failure> {
    let Some(library) = library(workspace)? else {
        return Ok(Some("AddressSanitizer: the C compiler `cc` has no libasan".to_owned()));
    };
    let host = host(workspace)?;
    let variable = host.replace('-', "_");
    // A folder of its own: what the engine is compiled with makes everything above it another build. With `--target`,
    // the flags are not for build scripts and procedural macros.
    let mut test =
        workspace.cargo(&["test", "--package", "keyfront-functions", "--target", &host, "--test", "it"]);
    test.args(["hostile", "--", "--include-ignored"])
        .env("CARGO_TARGET_DIR", workspace.target.join("sanitize"))
        .env(format!("CFLAGS_{variable}"), "-O1 -fsanitize=address -fno-omit-frame-pointer -g1")
        // The cryptography is not what is tested.
        .env(format!("AWS_LC_SYS_CFLAGS_{variable}"), "-O1")
        .env(format!("CARGO_TARGET_{}_RUSTFLAGS", variable.to_uppercase()), "-C link-arg=-lasan")
        .env(
            format!("CARGO_TARGET_{}_RUNNER", variable.to_uppercase()),
            format!("env LD_PRELOAD={library} ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1"),
        );
    command::run(&mut test).map(|()| None).map_err(|Failure(why)| {
        Failure(format!(
            "{why}\nthe programs that ran stand in target/sanitize/tmp, one for each test that did not end"
        ))
    })
}

/// The sanitizer's library, if the C compiler has one.
fn library(workspace: &Workspace) -> Result<Option<String>, Failure> {
    let path = output(workspace, "cc", &["-print-file-name=libasan.so"])?;
    // A compiler that does not find it gives the name back.
    Ok(path.contains('/').then_some(path))
}

/// The target triple of this machine.
fn host(workspace: &Workspace) -> Result<String, Failure> {
    let version = output(workspace, "rustc", &["--version", "--verbose"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure("`rustc --version --verbose` names no host".to_owned()))
}

fn output(workspace: &Workspace, program: &str, arguments: &[&str]) -> Result<String, Failure> {
    let output = command::output(&mut command(program, arguments, &workspace.root))?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}
