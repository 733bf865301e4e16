//! Frames: what a feed sends, as bytes.
//!
//! A frame is a length of four bytes, big-endian, that counts what follows; a byte that says how the rest is written; and
//! the rest, which is Borsh, or Borsh compressed with DEFLATE (RFC 1951). Each frame is compressed by itself, so that a
//! frame is made once for all that follow.

use std::fmt;
use std::io::{Read, Write as _};

use borsh::{BorshDeserialize, BorshSerialize};
use bytes::{Buf, Bytes, BytesMut};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use keyfront_store::records::Timeline;
use keyfront_store::{Entry, Write};
use uuid::Uuid;

/// The version of the frames. A follower refuses another one.
pub const PROTOCOL: u32 = 1;

/// The most bytes of a frame, before and after decompression. Feeds write far less, but for a single large value.
const MOST_BYTES: usize = 64 << 20;

/// What is shorter is sent as it is.
const WORTH_COMPRESSING: usize = 512;

const LENGTH: usize = 4;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// One message of a feed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Frame {
    /// The first one.
    Hello(Hello),
    /// What follows, up to the next [`Commit`](Frame::Commit), is everything that there is.
    Image(Reason),
    /// Entries of an image.
    Entries(Vec<Pair>),
    /// Writes of a commit in their order, or what changed while an image was read.
    Writes(Vec<Step>),
    /// A commit is complete, or an image.
    Commit(Mark),
    /// The sender is there, and this is the newest that it has.
    Heartbeat {
        /// The version up to which everything was sent.
        version: u64,
        /// How long ago, in milliseconds, that was known to be the newest: 0 from a server, more from a relay whose
        /// own server is away.
        age_ms: u64,
    },
    /// The sender is there and has nothing to send yet: others get their images first.
    Waiting,
    /// The sender stops, or has nothing to send; follow another one.
    End,
}

/// Who sends, and what.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// The format of the entries, [`CURRENT`](keyfront_store::migration::CURRENT).
    pub format: u32,
    /// The account whose entries travel.
    pub account: String,
    /// The sender's newest version.
    pub version: u64,
    /// The timelines of the store.
    pub timelines: Vec<Line>,
}

/// Why an image is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Reason {
    /// The follower has nothing, or nothing that the sender can go on from.
    First,
    /// The follower fell so far behind that commits in between are no longer remembered.
    Lagged,
}

/// The end of a commit.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Mark {
    /// Its version.
    pub version: u64,
    /// The timelines, if they are others than before.
    pub timelines: Option<Vec<Line>>,
}

/// A [`Timeline`] as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Line {
    id: [u8; 16],
    began: u64,
}

impl From<Timeline> for Line {
    fn from(timeline: Timeline) -> Line {
        Line { id: timeline.id.into_bytes(), began: timeline.began }
    }
}

impl From<Line> for Timeline {
    fn from(line: Line) -> Timeline {
        Timeline { id: Uuid::from_bytes(line.id), began: line.began }
    }
}

/// An entry: a key and its value.
#[derive(Clone, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pair {
    /// The key.
    pub key: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

impl From<&Entry> for Pair {
    fn from(entry: &Entry) -> Pair {
        Pair { key: entry.key.to_vec(), value: entry.value.to_vec() }
    }
}

/// Values may be secret, so only their length is printed.
impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({}, {} bytes)", self.key.escape_ascii(), self.value.len())
    }
}

/// A [`Write`] as it is sent.
#[derive(Clone, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Step {
    /// Sets the value of a key.
    Put(Pair),
    /// Removes a key.
    Delete(Vec<u8>),
    /// Removes every key from the first up to, and without, the second.
    DeleteRange(Vec<u8>, Vec<u8>),
}

impl From<&Write> for Step {
    fn from(write: &Write) -> Step {
        match write {
            Write::Put { key, value } => Step::Put(Pair { key: key.to_vec(), value: value.to_vec() }),
            Write::Delete { key } => Step::Delete(key.to_vec()),
            Write::DeleteRange { start, end } => Step::DeleteRange(start.to_vec(), end.to_vec()),
        }
    }
}

impl From<Step> for Write {
    fn from(step: Step) -> Write {
        match step {
            Step::Put(Pair { key, value }) => Write::Put { key: key.into(), value: value.into() },
            Step::Delete(key) => Write::Delete { key: key.into() },
            Step::DeleteRange(start, end) => Write::DeleteRange { start: start.into(), end: end.into() },
        }
    }
}

/// Values may be secret, so only their length is printed.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Write::from(self.clone()).fmt(f)
    }
}

/// What was received is no stream of frames, or ends in the middle of one.
#[derive(Debug, thiserror::Error)]
#[error("what was sent is no change stream: {0}")]
pub struct Broken(String);

impl Broken {
    fn because(why: impl fmt::Display) -> Broken {
        Broken(why.to_string())
    }
}

impl Frame {
    /// Appends the frame to what is to be sent.
    ///
    /// # Errors
    /// It is larger than a follower would take.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Broken> {
        let plain = borsh::to_vec(self).map_err(Broken::because)?;
        if plain.len() < WORTH_COMPRESSING {
            return append(out, PLAIN, &plain);
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let deflated = encoder.write_all(&plain).and_then(|()| encoder.finish()).map_err(Broken::because)?;
        append(out, DEFLATED, &deflated)
    }
}

fn append(out: &mut Vec<u8>, form: u8, rest: &[u8]) -> Result<(), Broken> {
    let length = u32::try_from(1 + rest.len()).ok().filter(|_| rest.len() < MOST_BYTES);
    let length = length.ok_or_else(|| Broken(format!("a frame of {} bytes", rest.len())))?;
    out.extend_from_slice(&length.to_be_bytes());
    out.push(form);
    out.extend_from_slice(rest);
    Ok(())
}

/// Finds frames in bytes that come in pieces.
#[derive(Default)]
pub struct Decoder {
    buffer: BytesMut,
}

impl Decoder {
    /// Takes the next piece, and gives the frames that are complete now.
    ///
    /// # Errors
    /// The bytes are no frames.
    pub fn frames(&mut self, piece: &[u8]) -> Result<Vec<Frame>, Broken> {
        self.buffer.extend_from_slice(piece);
        let mut frames = Vec::new();
        while let Some(frame) = self.next()? {
            frames.push(frame);
        }
        Ok(frames)
    }

    fn next(&mut self) -> Result<Option<Frame>, Broken> {
        let Some(length) = self.buffer.first_chunk::<LENGTH>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > MOST_BYTES {
            return Err(Broken(format!("a frame of {length} bytes")));
        }
        if self.buffer.len() < LENGTH + length {
            return Ok(None);
        }
        self.buffer.advance(LENGTH);
        decode(&self.buffer.split_to(length).freeze()).map(Some)
    }
}

fn decode(frame: &Bytes) -> Result<Frame, Broken> {
    match frame.split_first() {
        Some((&PLAIN, rest)) => borsh::from_slice(rest).map_err(Broken::because),
        Some((&DEFLATED, rest)) => {
            let mut plain = Vec::new();
            let limit = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
            // A frame that inflates beyond the limit is cut there, and no longer a frame.
            DeflateDecoder::new(rest).take(limit).read_to_end(&mut plain).map_err(Broken::because)?;
            borsh::from_slice(&plain).map_err(Broken::because)
        }
        Some(_) | None => Err(Broken("a frame of no known form".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, value: &str) -> Pair {
        Pair { key: key.into(), value: value.into() }
    }

    fn some_of_each() -> Vec<Frame> {
        let line = Line { id: [7; 16], began: 3 };
        vec![
            Frame::Hello(Hello {
                protocol: PROTOCOL,
                format: 1,
                account: "000000000000".to_owned(),
                version: 9,
                timelines: vec![line],
            }),
            Frame::Image(Reason::Lagged),
            Frame::Entries((0..200).map(|n| pair(&format!("key {n}"), "the same value")).collect()),
            Frame::Writes(vec![
                Step::Put(pair("a", "1")),
                Step::Delete(b"b".to_vec()),
                Step::DeleteRange(b"c".to_vec(), b"d".to_vec()),
            ]),
            Frame::Commit(Mark { version: 10, timelines: Some(vec![line]) }),
            Frame::Heartbeat { version: 10, age_ms: 0 },
            Frame::Waiting,
            Frame::End,
        ]
    }

    fn written(frames: &[Frame]) -> Vec<u8> {
        let mut out = Vec::new();
        for frame in frames {
            frame.write(&mut out).unwrap();
        }
        out
    }

    #[test]
    fn frames_are_read_as_they_were_written_however_they_are_cut() {
        let (frames, bytes) = (some_of_each(), written(&some_of_each()));
        for size in [1, 2, 7, 100, bytes.len()] {
            let mut decoder = Decoder::default();
            let read: Vec<_> = bytes.chunks(size).flat_map(|piece| decoder.frames(piece).unwrap()).collect();
            assert_eq!(read, frames, "in pieces of {size}");
        }
    }

    #[test]
    fn a_long_frame_is_compressed_and_a_short_one_is_not() {
        let entries = vec![some_of_each().swap_remove(2)];
        let plain = borsh::to_vec(&entries[0]).unwrap().len();
        assert!(written(&entries).len() * 4 < plain, "{plain} bytes became {}", written(&entries).len());
        assert_eq!(written(&[Frame::End]), [0, 0, 0, 2, PLAIN, 7]);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for bytes in [
            &[0xff, 0xff, 0xff, 0xff][..],
            &[0, 0, 0, 0],
            &[0, 0, 0, 1, PLAIN],
            &[0, 0, 0, 2, PLAIN, 99],
            &[0, 0, 0, 2, 7, 7],
            &[0, 0, 0, 3, DEFLATED, 0xff, 0xff],
            b"HTTP/1.1 200 OK",
        ] {
            assert!(Decoder::default().frames(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn no_value_is_printed() {
        let frames = [
            Frame::Entries(vec![pair("key", "secret")]),
            Frame::Writes(vec![Step::Put(pair("k", "secret"))]),
        ];
        for frame in frames {
            assert!(!format!("{frame:?}").contains("secret"));
        }
    }
}
