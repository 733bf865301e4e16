//! The entries of a saved state: what is read counts what it holds, or says what is damaged, and is written as it was.
#![no_main]

use bytes::Bytes;
use keyfront_store::saved_states::SavedEntries;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(entries) = SavedEntries::from_bytes(Bytes::copy_from_slice(bytes)) else { return };
    assert_eq!(entries.to_bytes(), bytes);
    if let Err(damage) = entries.contents() {
        assert!(!damage.to_string().is_empty());
    }
});
