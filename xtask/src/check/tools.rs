//! Programs that tests need and that Debian has. Where they cannot be had from here, what needs them says so
//! and fails.

use std::fs;

use crate::command::{self, command};
use crate::workspace::Workspace;

/// Installs what tests compare with or test by: nginx's njs, which CloudFront runs, and varnishtest. Where it cannot be
/// installed from here, the tests that want it say so. `shows_version` is a program of the package, with what makes it
/// show its version.
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

/// The engine over etcd is tested on real members, and with etcd's own command. The packages are unpacked into the target folder and not installed,
/// because an installed one starts a service.
pub(super) fn unpack_etcd(workspace: &Workspace) {
    let folder = workspace.root.join("target/tools/etcd");
    let is_there = |program: &str, version: &str| {
        runs(workspace, program, &[version]) || folder.join("usr/bin").join(program).is_file()
    };
    if is_there("etcd", "--version") && is_there("etcdctl", "version") {
        return;
    }
    let script = "apt-get download etcd-server etcd-client && \
                  for package in *.deb; do dpkg -x $package .; done && rm *.deb";
    let done = fs::create_dir_all(&folder).is_ok()
        && (command::succeeds(&mut command("sh", &["-c", script], &folder))
            || (install_lists(workspace) && command::succeeds(&mut command("sh", &["-c", script], &folder))));
    if !done {
        println!("etcd could not be had: the engine over it will not be tested");
    }
}

fn runs(workspace: &Workspace, program: &str, arguments: &[&str]) -> bool {
    command::succeeds(&mut command(program, arguments, &workspace.root))
}

fn install_lists(workspace: &Workspace) -> bool {
    runs(workspace, "apt-get", &["update"])
}
