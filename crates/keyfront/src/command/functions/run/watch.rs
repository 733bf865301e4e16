//! Watches files for changes.
//!
//! By polling: the files are few, and every editor and every file system sets modification times, while notifications
//! are missing on some file systems.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How long a change may go unseen.
const PAUSE: Duration = Duration::from_millis(150);

/// Files, and what they looked like.
pub(super) struct Files {
    paths: Vec<PathBuf>,
    seen: Vec<Option<(SystemTime, u64)>>,
}

impl Files {
    pub(super) fn new(paths: impl Iterator<Item = PathBuf>) -> Files {
        let mut files = Files { paths: paths.collect(), seen: Vec::new() };
        files.seen = files.look();
        files
    }

    /// Returns when a file is not what it was at the last call.
    pub(super) async fn next(&mut self) {
        loop {
            let now = self.look();
            if now != self.seen {
                self.seen = now;
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// When each was changed and how large it is; a file that is missing has neither.
    fn look(&self) -> Vec<Option<(SystemTime, u64)>> {
        let look = |path: &PathBuf| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        self.paths.iter().map(look).collect()
    }
}
