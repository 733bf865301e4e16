//! What `cargo xtask bench --peers` measures beside Keyfront: installed below the target folder, and nothing of it on the
//! system.
//!
//! The emulators are Python packages in an environment of their own, miniflare is a package of npm. Servers that Debian
//! has are unpacked from its packages, which starts no service and needs no rights. Where a source cannot be reached, its
//! servers are left out, and the table says so.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{self, Failure, command};
use crate::python;
use crate::workspace::Workspace;

/// The servers, and the libraries that they need beyond Debian's basic system.
const DEBIAN: &[&str] = &[
    "etcd-server",
    "redis-server",
    "redis-tools",
    "libjemalloc2",
    "liblua5.1-0",
    "liblzf1",
    "lua-bitop",
    "lua-cjson",
    "nginx",
    "libnginx-mod-http-js",
];

/// The folder whose package.json names the version of miniflare.
const MINIFLARE: &str = "benches/benches/functions/peers";

/// Installs what is not there yet; the folder that holds everything.
pub(crate) fn install(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let folder = workspace.target.join("peers");
    make(&folder)?;
    if let Err(Failure(why)) = python::environment(workspace, python::PEERS) {
        println!("MiniStack and moto are left out: {why}");
    }
    if let Err(Failure(why)) = debian(&folder) {
        println!("etcd, Redis and nginx are left out: {why}");
    }
    if let Err(Failure(why)) = miniflare(workspace, &folder.join("miniflare")) {
        println!("miniflare is left out: {why}");
    }
    Ok(folder)
}

/// Unpacks the packages. The list of them is written last, so an installation that broke off counts as none.
fn debian(folder: &Path) -> Result<(), Failure> {
    let (installed, packages, files) =
        (folder.join("debian.list"), folder.join("packages"), folder.join("debian"));
    let wanted = DEBIAN.join("\n");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    for folder in [&packages, &files] {
        fs::remove_dir_all(folder).ok();
        make(folder)?;
    }
    let download = || command::run(command("apt-get", &["--quiet", "download"], &packages).args(DEBIAN));
    // Without lists, or with old ones, it finds nothing.
    if download().is_err() {
        command::run(&mut command("apt-get", &["--quiet", "update"], &packages))?;
        download()?;
    }
    let entries = fs::read_dir(&packages).map_err(|error| failed("read", &packages, &error))?;
    for entry in entries.filter_map(Result::ok) {
        command::run(command("dpkg", &["--extract"], &packages).arg(entry.path()).arg(&files))?;
    }
    fs::write(&installed, wanted).map_err(|error| failed("write", &installed, &error))
}

/// Installs the package from npm, unless it is there in the version that is wanted.
fn miniflare(workspace: &Workspace, folder: &Path) -> Result<(), Failure> {
    let source = workspace.root.join(MINIFLARE);
    let wanted =
        fs::read(source.join("package-lock.json")).map_err(|error| failed("read", &source, &error))?;
    let installed = folder.join("installed.json");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    make(folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), folder.join(file)).map_err(|error| failed("write", folder, &error))?;
    }
    command::run(&mut command("npm", &["ci", "--no-audit", "--no-fund", "--silent"], folder))?;
    fs::write(&installed, wanted).map_err(|error| failed("write", &installed, &error))
}

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("cannot {verb} {}: {error}", path.display()))
}
