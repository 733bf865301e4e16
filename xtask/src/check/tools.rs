//! Programs that tests need and that Debian has. Where they cannot be had from here, what needs them says so
//! and fails.

use std::fs;

use crate::command::{self, command};
use crate::workspace::Workspace;

/// Functions are compared with nginx's njs, which CloudFront runs.
pub(super) fn install_njs(workspace: &Workspace) {
    if !runs(workspace, "njs", &["-v"]) && !install(workspace, &["njs"]) {
        println!("njs could not be installed: functions will not be compared with it");
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

fn install(workspace: &Workspace, packages: &[&str]) -> bool {
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    runs(workspace, "apt-get", &install)
        || (install_lists(workspace) && runs(workspace, "apt-get", &install))
        || runs(workspace, "sudo", &[&["--non-interactive", "apt-get"], install.as_slice()].concat())
}
