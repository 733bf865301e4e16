//! Programs that tests need and that Debian has. Where they cannot be had from here, what needs them says so
//! and fails.

use std::fs;

use crate::command::{self, command};
use crate::workspace::Workspace;

/// Installs what tests compare with or test by: nginx's njs, which CloudFront runs, varnishtest, the shells. Where it
/// cannot be installed from here, the tests that want it say so. `shows_version` is a program of the package, with what
/// makes it show its version.
pub(super) fn install(workspace: &Workspace, shows_version: (&str, &[&str]), package: &str) {
    let install = ["install", "--yes", "--no-install-recommends", package];
    let installed = runs(workspace, shows_version.0, shows_version.1)
        || runs(workspace, "apt-get", &install)
        || (install_lists(workspace) && runs(workspace, "apt-get", &install))
        || runs(workspace, "sudo", &[&["--non-interactive", "apt-get"], install.as_slice()].concat());
    if !installed {
        println!("{package} could not be installed: what wants it says so");
    }
}

/// The engine over etcd is tested on real members, and with etcd's own command.
pub(super) fn unpack_etcd(workspace: &Workspace) {
    let is_there = |program: &str, version: &str| runs(workspace, program, &[version]);
    let installed = is_there("etcd", "--version") && is_there("etcdctl", "version");
    if !installed && !unpack(workspace, "etcd", &["etcd-server", "etcd-client"], &["etcd", "etcdctl"]) {
        println!("etcd could not be had: the engine over it will not be tested");
    }
}

/// Certificates over ACME are tested with Pebble, the authority that Let's Encrypt tests clients with.
pub(super) fn unpack_pebble(workspace: &Workspace) {
    let programs = ["pebble", "pebble-challtestsrv"];
    let installed = programs.iter().all(|program| runs(workspace, program, &["-h"]));
    if !installed && !unpack(workspace, "pebble", &["pebble"], &programs) {
        println!("Pebble could not be had: certificates over ACME will not be tested");
    }
}

/// The metrics are checked with Prometheus's own promtool.
pub(super) fn unpack_promtool(workspace: &Workspace) {
    let installed = runs(workspace, "promtool", &["--version"]);
    if !installed && !unpack(workspace, "prometheus", &["prometheus"], &["promtool"]) {
        println!("promtool could not be had: the metrics will not be checked with it");
    }
}

/// Unpacks packages of Debian into the target folder, unless that was done: they are not installed, because an installed
/// one may start a service.
fn unpack(workspace: &Workspace, name: &str, packages: &[&str], programs: &[&str]) -> bool {
    let folder = workspace.root.join("target/tools").join(name);
    if programs.iter().all(|program| folder.join("usr/bin").join(program).is_file()) {
        return true;
    }
    let script = format!(
        "apt-get download {} && for package in *.deb; do dpkg -x $package .; done && rm *.deb",
        packages.join(" ")
    );
    let unpacks = || command::succeeds(&mut command("sh", &["-c", &script], &folder));
    fs::create_dir_all(&folder).is_ok() && (unpacks() || (install_lists(workspace) && unpacks()))
}

fn runs(workspace: &Workspace, program: &str, arguments: &[&str]) -> bool {
    command::succeeds(&mut command(program, arguments, &workspace.root))
}

fn install_lists(workspace: &Workspace) -> bool {
    runs(workspace, "apt-get", &["update"])
}
