//! `keyfront copy`: moves from one engine to another.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_store::copying::{self, Step};
use serde_json::json;

use crate::config::Config;
use crate::data_folder;
use crate::engine;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::{Output, tell};

/// Copy everything that a store holds, credentials too, into another one, which must be empty
///
/// Both are named by configurations of servers: from a data folder into etcd, back, or from one prefix of etcd into
/// another. Stop every server that runs on either. The copy is read back and compared. If it is broken off, run it
/// again, and it goes on; until it is finished no server starts on it. Copy secret.key yourself; both configurations must lead to the same one.
#[derive(Args)]
pub(super) struct Copy {
    /// The configuration file that names the store to copy
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The configuration file that names the store to copy into
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Copy {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let (from, to) = (Config::load(&self.from)?.store, Config::load(&self.to)?.store);
        if !to.engine.is_durable() {
            let text = "the memory engine keeps nothing beyond its process, so nothing is copied into it";
            return Err(Failure::new(text));
        }
        data_folder::check_same_sealing_key(&from, &to)?;
        let (source, copy) = (engine::open_existing(&from)?, engine::open(&to)?);
        let copied = runtime::single_threaded()?.block_on(copying::copy(&*source, &*copy, tell_step));
        let (shown, into) = (self.from.display(), self.to.display());
        let copied = copied
            .map_err(|error| Failure::because(format!("{shown} was not copied into {into}"), &error))?;
        let (stores, pairs) = (copied.contents.stores, copied.contents.pairs.item_count);
        let resources: u64 = copied.contents.resources.values().sum();
        output.print(
            || {
                format!(
                    "copied and verified: {stores} key value stores with {pairs} pairs, {resources} other resources, \
                     {} credentials",
                    copied.credentials
                )
            },
            || {
                json!({
                    "Stores": stores,
                    "Pairs": pairs,
                    "Resources": resources,
                    "Credentials": copied.credentials,
                })
            },
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn tell_step(step: Step) {
    match step {
        Step::GoingOn { entries } => tell(format!("going on after {entries} entries …")),
        Step::Writing { entries } => tell(format!("{entries} entries written …")),
        Step::Verifying { entries: 0 } => tell("verifying …"),
        Step::Verifying { entries } => tell(format!("{entries} entries verified …")),
    }
}
