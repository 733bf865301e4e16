//! The settings of the pipeline: limits of bodies, and how signatures are proven.

use keyfront_wire::signature::V4aProof;

const MIB: usize = 1024 * 1024;

/// What an operator can change about the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Largest body that is read, in bytes. Within the default quotas an `UpdateKeys` has at most half a
    /// MiB, however it is escaped.
    pub max_body_bytes: usize,
    /// Largest body of a `WritePairs`, in bytes. A full store of the default quotas has up to 5 MiB, and its
    /// JSON 22 bytes more for each pair and whatever must be escaped.
    ///
    /// While the write is made it takes up to fifteen times the bytes of its body, if that is nothing but
    /// the smallest of pairs: 450 MiB for 1.3 million of them in 32 MiB. One such operation is made at a
    /// time, so that is the most that they take, however many are asked for.
    pub max_store_body_bytes: usize,
    /// Bytes of all bodies in memory at the same time: of requests, verified or not, and of answers with a
    /// whole store. A request that does not fit is throttled, and SDKs try it again.
    ///
    /// What is as large as a store, the bodies of `WritePairs` and such answers, takes no more than half of
    /// them, or as much as one largest body if that is more, so that there is room for everything else.
    pub max_bytes_of_bodies: usize,
    /// Time in which a client must have sent the whole body, in seconds.
    pub body_timeout_seconds: u64,
    /// How a SigV4A signature is proven. Both ways accept the same signatures.
    pub signature_verification: V4aProof,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            max_body_bytes: 8 * MIB,
            max_store_body_bytes: 32 * MIB,
            max_bytes_of_bodies: 256 * MIB,
            body_timeout_seconds: 60,
            signature_verification: V4aProof::default(),
        }
    }
}

impl Settings {
    /// Refuses values with which no request could be answered.
    ///
    /// # Errors
    /// The name of the setting and what it must be.
    pub fn check(&self) -> Result<(), String> {
        const DAY: u64 = 24 * 60 * 60;
        if !(1..=DAY).contains(&self.body_timeout_seconds) {
            return Err(format!("body_timeout_seconds must be from 1 to {DAY}"));
        }
        for (name, bytes) in
            [("max_body_bytes", self.max_body_bytes), ("max_store_body_bytes", self.max_store_body_bytes)]
        {
            if bytes < MIB || self.max_bytes_of_bodies < bytes {
                return Err(format!(
                    "{name} must be at least {MIB}, and max_bytes_of_bodies at least as much as it"
                ));
            }
        }
        Ok(())
    }
}
