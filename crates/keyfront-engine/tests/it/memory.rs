use std::sync::Arc;

use keyfront_engine::MemoryEngine;

keyfront_testkit::engine_conformance!((Arc::new(MemoryEngine::new()), ()));
