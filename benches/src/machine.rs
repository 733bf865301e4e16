//! What the machine can do at most: verifications of P-256 signatures on all processors, and flushes to disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
};

use crate::drive::count;
use crate::failure::Failure;
use crate::process;

/// How long each limit is measured.
const WINDOW: Duration = Duration::from_millis(500);

/// What one flush makes durable, in bytes.
const APPENDED: usize = 1024;

/// The limits, measured right before a server is.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// ECDSA verifications a second, all processors together.
    pub(crate) verifies_per_second: f64,
    /// Processor time of one verification.
    pub(crate) verify_cpu: Duration,
    /// Appends of 1 kB with `fdatasync` a second, one after the other.
    pub(crate) flushes_per_second: f64,
}

/// Measures with nothing else running.
pub(crate) fn measure(folder: &Path) -> Result<Limits, Failure> {
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (verifies_per_second, verify_cpu) = verifies(processors)?;
    let flushes_per_second = flushes(folder)?;
    Ok(Limits { verifies_per_second, verify_cpu, flushes_per_second })
}

/// Verifies a signature over a string as long as a string to sign, on every processor at once.
fn verifies(processors: usize) -> Result<(f64, Duration), Failure> {
    let message = [b'x'; 135];
    let (key, signature) = signed(&message).ok_or_else(|| Failure("no key pair could be made".into()))?;
    let over = AtomicBool::new(false);
    let before = process::cpu_time(std::process::id())?;
    let began = Instant::now();
    let verified: usize = thread::scope(|scope| {
        let work = || {
            let mut verified = 0;
            while !over.load(Ordering::Relaxed) {
                if key.verify_sig(&message, &signature).is_ok() {
                    verified += 1;
                }
            }
            verified
        };
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        thread::sleep(WINDOW);
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    });
    let took = began.elapsed();
    let cpu = process::cpu_time(std::process::id())?.saturating_sub(before);
    let verified = count(verified.max(1));
    Ok((verified / took.as_secs_f64(), cpu.div_f64(verified)))
}

fn signed(message: &[u8]) -> Option<(ParsedPublicKey, Vec<u8>)> {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).ok()?;
    let signature = pair.sign(&random, message).ok()?.as_ref().to_vec();
    Some((ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key()).ok()?, signature))
}

/// Appends and flushes, as a log of commits without any grouping would.
fn flushes(folder: &Path) -> Result<f64, Failure> {
    let path = folder.join("flushes");
    let failed = |error| Failure::of_file("flush", &path, &error);
    let mut file = File::create(&path).map_err(failed)?;
    let mut flushed = 0;
    let began = Instant::now();
    while began.elapsed() < WINDOW {
        file.write_all(&[b'x'; APPENDED]).and_then(|()| file.sync_data()).map_err(failed)?;
        flushed += 1;
    }
    let took = began.elapsed();
    std::fs::remove_file(&path).map_err(failed)?;
    Ok(count(flushed) / took.as_secs_f64())
}
