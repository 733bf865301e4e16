//! `keyfront distributions invalidate`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use uuid::Uuid;

use super::render;
use super::waiting::{Patience, notice};
use crate::failure::Failure;
use crate::terminal::{Output, count};

/// Remove objects from the cache before they expire
#[derive(Args)]
pub(super) struct Invalidate {
    /// The distribution's id, domain name or alias
    distribution: String,
    /// Paths, such as /index.html or /images/*
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// The same reference again is the same invalidation; without it, each is a new one
    #[arg(long, value_name = "TEXT")]
    caller_reference: Option<String>,
    /// Wait until it is completed
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    patience: Patience,
}

impl Invalidate {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let id = client.distribution(&self.distribution).await?.id;
        let reference = self.caller_reference.unwrap_or_else(|| format!("keyfront-{}", Uuid::new_v4()));
        let mut made = client.invalidate(&id, &self.paths, &reference).await?;
        if self.wait {
            let notice = notice(&made.id, "Completed");
            made = client.completed_invalidation(&id, &made.id, self.patience.timeout, notice).await?;
        }
        let paths = count(u64::try_from(self.paths.len()).unwrap_or(u64::MAX), "path");
        output.print(
            || format!("invalidated {paths} of {id}: {} ({})", made.id, made.status),
            || render::invalidation(&id, &made),
        );
        Ok(ExitCode::SUCCESS)
    }
}
