//! The same function elsewhere: njs's command, and a worker of miniflare with a KV namespace.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Where the peers' programs are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/functions");

/// Where miniflare is installed.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/miniflare");

/// Invocations of njs on the clock.
const INVOCATIONS: u32 = 20_000;

/// One invocation in microseconds: what a process with many of them takes longer than one with a single one.
pub(super) fn njs() -> Result<f64, String> {
    let program = format!("{FOLDER}/peers/njs.js");
    let run = |invocations: u32| {
        let began = Instant::now();
        let mut njs = Command::new("njs");
        let output =
            njs.args(["-p", &format!("{FOLDER}/peers"), &program, &invocations.to_string()]).output();
        let output = output.map_err(|error| format!("{error} (Debian: apt-get install njs)"))?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if said == format!("ran {invocations}") {
            Ok(began.elapsed().as_secs_f64())
        } else {
            Err(format!("it said {said:?} {}", String::from_utf8_lossy(&output.stderr)))
        }
    };
    run(1)?;
    let start = run(1)?;
    Ok((run(INVOCATIONS)? - start) * 1e6 / f64::from(INVOCATIONS - 1))
}

/// One invocation in microseconds, as its own program measured it.
pub(super) fn miniflare() -> Result<f64, String> {
    let installed = Path::new(INSTALLED);
    std::fs::create_dir_all(installed).map_err(|error| error.to_string())?;
    for file in ["package.json", "package-lock.json", "miniflare.mjs"] {
        std::fs::copy(Path::new(FOLDER).join("peers").join(file), installed.join(file))
            .map_err(|error| error.to_string())?;
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(installed);
    said(&mut install)?;
    let cost = said(Command::new("node").arg("miniflare.mjs").current_dir(installed))?;
    cost.trim().parse().map_err(|_not_a_number| format!("it said {cost:?}"))
}

/// What a program prints, if it succeeds.
fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
