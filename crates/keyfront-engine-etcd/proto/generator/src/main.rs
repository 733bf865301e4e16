//! Writes `src/proto` of the etcd engine from the `.proto` files beside this project, or, with `--check`, compares.
//!
//! Run it after a change of those files: `cargo run --manifest-path crates/keyfront-engine-etcd/proto/generator/Cargo.toml`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

/// The packages of the `.proto` files, each of which becomes a module.
const PACKAGES: [&str; 2] = ["etcdserverpb", "mvccpb"];

fn main() {
    let check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("{other} is not known; the only option is --check");
            process::exit(2);
        }
    };
    if let Err(error) = run(check) {
        eprintln!("{error}");
        process::exit(1);
    }
}

fn run(check: bool) -> Result<(), Box<dyn Error>> {
    let engine: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let written = engine.join("src/proto");
    let fresh = env::temp_dir().join(format!("keyfront-etcd-proto-{}", process::id()));
    fs::create_dir_all(&fresh)?;
    let outcome = generate(&engine.join("proto"), &fresh).and_then(|()| {
        for package in PACKAGES {
            let file = written.join(format!("{package}.rs"));
            let code = complete(&fs::read_to_string(fresh.join(format!("{package}.rs")))?);
            if !check {
                fs::write(&file, code)?;
            } else if fs::read_to_string(&file)? != code {
                let shown = file.display();
                return Err(format!("{shown} is not what its generator writes; run it without --check").into());
            }
        }
        Ok(())
    });
    fs::remove_dir_all(&fresh)?;
    outcome
}

fn generate(protos: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let files = protox::compile(["rpc.proto", "kv.proto"], [protos])?;
    tonic_prost_build::configure()
        .build_server(false)
        // Connections are made by the engine.
        .build_transport(false)
        .bytes(".")
        // They hold a password and a token, which must not be printed.
        .skip_debug(["etcdserverpb.AuthenticateRequest", "etcdserverpb.AuthenticateResponse"])
        .out_dir(to)
        .compile_fds(files)?;
    Ok(())
}

fn complete(code: &str) -> String {
    format!("//! Written by `proto/generator` from `proto/*.proto`: change those.\n\n{code}")
}
