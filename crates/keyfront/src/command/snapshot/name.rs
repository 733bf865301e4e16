//! The arguments that name a snapshot of a server.

use clap::Args;

use crate::admin_client::AdminArguments;
use crate::saved_states::StateName;

/// A snapshot and the server that keeps it.
#[derive(Args)]
pub(super) struct SnapshotArguments {
    /// The snapshot's name: letters, digits, dots, `_` and `-`
    pub(super) name: StateName,
    #[command(flatten)]
    pub(super) server: AdminArguments,
}

impl SnapshotArguments {
    /// The snapshot's path at the admin address.
    pub(super) fn path(&self) -> String {
        format!("/snapshots/{}", self.name)
    }
}
