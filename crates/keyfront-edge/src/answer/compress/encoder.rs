//! gzip and Brotli behind one face.

use std::io::{self, Write};

use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use keyfront_domain::caching::compressible::Encoding;

/// The level of gzip, which is zlib's default.
const GZIP_LEVEL: u32 = 6;

/// The quality of Brotli: the highest of those that are as fast as gzip.
const BROTLI_QUALITY: u32 = 5;

/// The windows of Brotli, as powers of two. The largest takes 512 KiB for every answer on its way, and the smallest is
/// the format's.
const BROTLI_WINDOWS: (u32, u32) = (10, 19);

/// The encoder's own buffer, in bytes; its output goes through it.
const BUFFER_BYTES: usize = 16 * 1024;

/// An encoder in the middle of a body.
pub(super) enum Encoder {
    /// gzip.
    Gzip(Box<GzEncoder<Vec<u8>>>),
    /// Brotli.
    Brotli(Box<CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    /// An encoder for a body of about `length` bytes.
    pub(super) fn new(encoding: Encoding, length: u64) -> Encoder {
        match encoding {
            Encoding::Gzip => {
                Encoder::Gzip(Box::new(GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL))))
            }
            Encoding::Brotli => {
                let (smallest, largest) = BROTLI_WINDOWS;
                let window = length.max(1).ilog2().saturating_add(1).clamp(smallest, largest);
                Encoder::Brotli(Box::new(CompressorWriter::new(
                    Vec::new(),
                    BUFFER_BYTES,
                    BROTLI_QUALITY,
                    window,
                )))
            }
        }
    }

    /// Takes a piece of the body and gives what is ready of the compressed one, perhaps nothing.
    pub(super) fn push(&mut self, piece: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Encoder::Gzip(encoder) => {
                encoder.write_all(piece)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
            Encoder::Brotli(encoder) => {
                encoder.write_all(piece)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }

    /// Ends the body and gives the rest of the compressed one.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Brotli(encoder) => Ok(encoder.into_inner()),
        }
    }
}
