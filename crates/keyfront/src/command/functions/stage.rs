//! The option `--stage`.

use clap::ValueEnum;
use keyfront_domain::function::Stage;

/// A stage, as the command line names it.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(super) enum StageChoice {
    /// What `create` and `update` write
    #[default]
    #[value(alias = "DEVELOPMENT")]
    Development,
    /// What `publish` copied
    #[value(alias = "LIVE")]
    Live,
}

impl StageChoice {
    pub(super) fn get(self) -> Stage {
        match self {
            StageChoice::Development => Stage::Development,
            StageChoice::Live => Stage::Live,
        }
    }
}
