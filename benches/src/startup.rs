//! How long an empty server takes from being started to its first answer, and the memory that it has then.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Fresh;
use crate::failure::Failure;
use crate::requests;
use crate::server::Server;

/// How often it is started, each time on an empty folder.
const STARTS: usize = 10;

pub(crate) struct Startup {
    /// The median time from starting the process to the first answer to a signed request.
    pub(crate) first_answer: Duration,
    /// The median of memory in RAM after that answer, in bytes.
    pub(crate) resident_bytes: u64,
}

pub(crate) async fn measure(binary: &Path, fresh: &Fresh) -> Result<Startup, Failure> {
    let request = requests::written(&requests::list_stores());
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let folder = fresh.folder()?;
        let began = Instant::now();
        let server = Server::keyfront(binary, &folder)?;
        server.connect().await?.succeed(&request).await?;
        times.push(began.elapsed());
        sizes.push(server.resident_bytes()?);
    }
    times.sort_unstable();
    sizes.sort_unstable();
    let middle = STARTS / 2;
    Ok(Startup {
        first_answer: times.get(middle).copied().unwrap_or_default(),
        resident_bytes: sizes.get(middle).copied().unwrap_or_default(),
    })
}
