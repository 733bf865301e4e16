//! Functions that were prepared, by their code.

use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::function::Runtime;
use keyfront_functions::Function;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use crate::Settings;

/// What is prepared at the same time, at most: the compiler may take much memory for a moment.
const PREPARING: usize = 4;

/// The size that functions are expected to have, in bytes; the cache makes room for so many.
const EXPECTED_BYTES: u64 = 16 * 1024;

/// A function could not be prepared.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the task that prepared a function was ended")]
pub struct PreparationFailed(#[source] Arc<JoinError>);

/// What a function is prepared from.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Code {
    bytes: Bytes,
    runtime: Runtime,
}

/// Weighs the code and what was made of it.
#[derive(Clone)]
struct Size;

impl Weighter<Code, Function> for Size {
    fn weight(&self, code: &Code, function: &Function) -> u64 {
        u64::try_from(code.bytes.len().saturating_add(function.size_bytes())).unwrap_or(u64::MAX)
    }
}

/// Keeps prepared functions up to a number of bytes, and drops those first that are asked for least.
pub(super) struct PreparedFunctions {
    cache: Cache<Code, Function, Size>,
    preparing: Semaphore,
    /// Whether functions are prepared here, or where they run.
    here: bool,
}

impl PreparedFunctions {
    pub(super) fn new(settings: &Settings) -> PreparedFunctions {
        let bytes = settings.prepared_bytes;
        let expected = usize::try_from(bytes / EXPECTED_BYTES).unwrap_or(usize::MAX);
        PreparedFunctions {
            cache: Cache::with_weighter(expected, bytes, Size),
            preparing: Semaphore::new(PREPARING),
            here: settings.prepares_functions,
        }
    }

    /// The function of this code. A caller that asks for it while it is being prepared waits for that.
    pub(super) async fn get(&self, bytes: Bytes, runtime: Runtime) -> Result<Function, PreparationFailed> {
        let code = Code { bytes, runtime };
        let prepare = async {
            if !self.here {
                return Ok(Function::new(&code.bytes, runtime));
            }
            // The semaphore is never closed.
            let _permit = self.preparing.acquire().await;
            let bytes = code.bytes.clone();
            // Parsing and compiling are work for a thread that answers no request meanwhile.
            let prepared = tokio::task::spawn_blocking(move || Function::prepare(&bytes, runtime)).await;
            prepared.map_err(|error| PreparationFailed(Arc::new(error)))
        };
        self.cache.get_or_insert_async(&code, prepare).await
    }

    pub(super) fn bytes(&self) -> u64 {
        self.cache.weight()
    }
}
