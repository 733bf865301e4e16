//! Records, key layout, the engine seam, the memory and embedded engines.
