//! `keyfront fn get`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::stage::StageChoice;
use crate::failure::Failure;
use crate::terminal::content;

/// Print the code of a function, to the byte
#[derive(Args)]
pub(super) struct Get {
    /// The function's name
    name: String,
    /// The stage
    #[arg(long, value_enum, default_value_t)]
    stage: StageChoice,
}

impl Get {
    pub(super) async fn run(self, client: &Client) -> Result<ExitCode, Failure> {
        let code = client.function_code(&self.name, self.stage.get()).await?;
        content(&code);
        Ok(ExitCode::SUCCESS)
    }
}
