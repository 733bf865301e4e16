//! The options about servers in the background.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

/// Whether the server runs in the background, and where it leaves its files.
#[derive(Args, Clone)]
#[command(next_help_heading = "In the background")]
pub(in crate::command::dev) struct BackgroundArguments {
    /// Start the server in the background, and end once it answers
    #[arg(long, conflicts_with_all = ["stop", "exit_with_stdin"])]
    detach: bool,
    /// Stop the server that --detach started with this --data or --run-folder, and wait until it has ended
    #[arg(long)]
    stop: bool,
    /// How long to wait for the start or the end of a server in the background
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    wait: u64,
    /// Keep background.json and background.log of a server in the background in this folder [default: that of --data]
    #[arg(long, value_name = "FOLDER")]
    run_folder: Option<PathBuf>,
    /// What --detach starts this program with
    #[arg(long, hide = true)]
    in_background: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::command::dev) enum Order {
    /// Start a server in the background.
    Start,
    /// Stop the one that runs there.
    Stop,
    /// Be a server in the background.
    BeInBackground,
    /// Be a server as usual.
    BeInForeground,
}

impl BackgroundArguments {
    pub(in crate::command::dev) fn order(&self) -> Order {
        match self {
            BackgroundArguments { stop: true, .. } => Order::Stop,
            // It has the arguments of the process that started it, --detach among them.
            BackgroundArguments { in_background: true, .. } => Order::BeInBackground,
            BackgroundArguments { detach: true, .. } => Order::Start,
            BackgroundArguments { .. } => Order::BeInForeground,
        }
    }

    /// The folder of the server's files, which is that of its data unless another one is named.
    pub(in crate::command::dev) fn run_folder(&self, data: &Path) -> PathBuf {
        self.run_folder.clone().unwrap_or_else(|| data.to_owned())
    }

    /// How long a start or an end may take.
    pub(in crate::command::dev) fn wait(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}
