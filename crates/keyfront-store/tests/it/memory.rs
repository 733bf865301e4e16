use std::sync::Arc;

use keyfront_store::MemoryEngine;

keyfront_testkit::engine_conformance!((Arc::new(MemoryEngine::new()), ()));
