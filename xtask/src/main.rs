//! Keyfront's own chores, as `cargo xtask CHORE`.
//!
//! Everything that decides whether the repository is in order is here, so that a contributor and the
//! build server run the same thing. It needs Rust, Python 3, a C compiler and the package registries;
//! what else a machine may lack (Terraform, cargo-deny) is said loudly and never passed over.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore's only output is the terminal")]
#![expect(
    clippy::disallowed_methods,
    reason = "it times its own steps; no rule of the product depends on it"
)]

mod bench;
mod check;
mod command;
mod dist;
mod fuzz;
mod peers;
mod python;
mod sanitize;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Keyfront's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs everything that says whether the repository is in order
    Test(check::Arguments),
    /// Writes the service facts of keyfront-wire from the pinned botocore
    Model {
        /// Compare with the files instead of writing them
        #[arg(long)]
        check: bool,
    },
    /// Measures the release binary beside what the machine can do
    Bench(bench::Arguments),
    /// Looks for inputs that make a parser fail, with coverage
    Fuzz(fuzz::Arguments),
    /// Makes everything that a release consists of: the program, its packages, checksums
    Dist(dist::Arguments),
    /// Checks dependency directions and the form of the source files
    Tidy,
}

fn main() -> ExitCode {
    let result = Workspace::load().and_then(|workspace| match Arguments::parse().chore {
        Chore::Test(arguments) => check::run(&workspace, &arguments),
        Chore::Model { check } => python::model(&workspace, check),
        Chore::Bench(arguments) => bench::run(&workspace, &arguments),
        Chore::Fuzz(arguments) => fuzz::run(&workspace, &arguments),
        Chore::Dist(arguments) => dist::run(&workspace, &arguments),
        Chore::Tidy => tidy::run(&workspace).map(|warnings| {
            for warning in warnings {
                println!("warning: {warning}");
            }
        }),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
