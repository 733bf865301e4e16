//! What the machine can do at most: proofs of signatures on all processors, and flushes to disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use aws_sigv4::sign::v4a::{calculate_signature, generate_signing_key};
use keyfront_wire::signature::{Secret, V4aPrivateKey, V4aPublicKey};

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
    /// Processor time of one proof of the same signature by recomputation.
    pub(crate) recompute_cpu: Duration,
    /// Processor time of one RSA-2048 verification.
    pub(crate) rsa_cpu: Duration,
    /// Appends of 1 kB with `fdatasync` a second, one after the other.
    pub(crate) flushes_per_second: f64,
}

/// Measures with nothing else running.
pub(crate) fn measure(folder: &Path) -> Result<Limits, Failure> {
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let no_key = || Failure("no key pair could be made".into());
    let proofs = Proofs::new().ok_or_else(no_key)?;
    let Proofs { text, signature, public, private } = &proofs;
    let (verifies_per_second, verify_cpu) = busy(processors, || public.holds(text, signature));
    let (_, recompute_cpu) = busy(processors, || private.holds(text, signature));
    let (key, signature) = rsa().ok_or_else(no_key)?;
    let (_, rsa_cpu) = busy(processors, || key.verify_sig(text, &signature).is_ok());
    let flushes_per_second = flushes(folder)?;
    Ok(Limits { verifies_per_second, verify_cpu, recompute_cpu, rsa_cpu, flushes_per_second })
}

/// Does the same on every processor at once: how often a second, and the processor time of one.
fn busy(processors: usize, work: impl Fn() -> bool + Sync) -> (f64, Duration) {
    let over = AtomicBool::new(false);
    let before = process::own_cpu_time();
    let began = Instant::now();
    let done: usize = thread::scope(|scope| {
        let work = || {
            let mut done = 0;
            while !over.load(Ordering::Relaxed) {
                if work() {
                    done += 1;
                }
            }
            done
        };
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        thread::sleep(WINDOW);
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    });
    let took = began.elapsed();
    let cpu = process::own_cpu_time().saturating_sub(before);
    let done = count(done.max(1));
    (done / took.as_secs_f64(), cpu.div_f64(done))
}

/// What is proven of a SigV4A signature of a text as long as a string to sign.
struct Proofs {
    text: [u8; 135],
    signature: Vec<u8>,
    public: V4aPublicKey,
    private: V4aPrivateKey,
}

impl Proofs {
    fn new() -> Option<Proofs> {
        let (text, secret) = ([b'x'; 135], Secret::from("test"));
        let signature = calculate_signature(generate_signing_key("test", "test"), &text);
        Some(Proofs {
            text,
            signature: hex::decode(signature).ok()?,
            public: V4aPublicKey::derive("test", &secret).ok()?,
            private: V4aPrivateKey::derive("test", &secret).ok()?,
        })
    }
}

/// An RSA key of 2048 bits with a signature, as of a signed URL with SHA-256.
fn rsa() -> Option<(ParsedPublicKey, Vec<u8>)> {
    let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).ok()?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &[b'x'; 135], &mut signature).ok()?;
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref()).ok()?;
    Some((key, signature))
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
