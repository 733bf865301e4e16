//! Parses the parts of a message from untrusted bytes.

use super::Undecryptable;
use super::decrypt::MAX_DATA_KEYS;
use super::suite::{COMMITMENT_BYTES, NONCE_BYTES, Suite, TAG_BYTES};

/// What an encryption context calls the key that signed the message.
const SIGNING_KEY: &[u8] = b"aws-crypto-public-key";

/// What was not read of a message yet.
pub(super) struct Reader<'m> {
    rest: &'m [u8],
}

impl<'m> Reader<'m> {
    pub(super) fn new(bytes: &'m [u8]) -> Reader<'m> {
        Reader { rest: bytes }
    }

    /// The next bytes. There are that many, or the message ends too early.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'m [u8], Undecryptable> {
        let (bytes, rest) =
            self.rest.split_at_checked(count).ok_or(Undecryptable::Malformed("it ends too early"))?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Undecryptable> {
        let (array, rest) =
            self.rest.split_first_chunk().ok_or(Undecryptable::Malformed("it ends too early"))?;
        self.rest = rest;
        Ok(*array)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Undecryptable> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Undecryptable> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// Bytes with their length, of two bytes, before them.
    pub(super) fn counted(&mut self) -> Result<&'m [u8], Undecryptable> {
        let count = self.u16()?;
        self.bytes(count.into())
    }

    /// How much is left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }
}

/// The head of a message, up to where its body begins.
pub(super) struct Header<'m> {
    pub(super) suite: &'static Suite,
    pub(super) message_id: &'m [u8],
    /// The key that the message is signed with, in base64.
    pub(super) signing_key: Option<&'m [u8]>,
    pub(super) data_keys: Vec<DataKey<'m>>,
    /// Plaintext bytes in every frame but the last; without it the body has no frames.
    pub(super) frame_bytes: Option<u32>,
    pub(super) commitment: Option<&'m [u8]>,
    /// Everything above, as it stands in the message.
    pub(super) authenticated: &'m [u8],
    pub(super) nonce: [u8; NONCE_BYTES],
    pub(super) tag: [u8; TAG_BYTES],
}

/// A data key, wrapped for one recipient.
pub(super) struct DataKey<'m> {
    pub(super) provider_id: &'m [u8],
    pub(super) key_name: &'m [u8],
    pub(super) wrapped: &'m [u8],
}

impl<'m> Header<'m> {
    /// Reads the head of `message` and leaves the reader where the body begins.
    pub(super) fn read(message: &'m [u8], reader: &mut Reader<'m>) -> Result<Header<'m>, Undecryptable> {
        let version_2 = match reader.array()? {
            [1] => false,
            [2] => true,
            _ => return Err(Undecryptable::Malformed("its version is neither 1 nor 2")),
        };
        if !version_2 && reader.array()? != [0x80] {
            return Err(Undecryptable::Malformed("its type is not that of encrypted data"));
        }
        let id = reader.u16()?;
        let suite = Suite::of(id).ok_or(Undecryptable::UnknownSuite(id))?;
        if suite.commits() != version_2 {
            return Err(Undecryptable::Malformed("its algorithm suite belongs to another version"));
        }
        let message_id = reader.bytes(if version_2 { 32 } else { 16 })?;
        let signing_key = read_context(reader.counted()?)?;
        if signing_key.is_some() != suite.signature.is_some() {
            return Err(Undecryptable::Malformed(
                "its context and its algorithm suite differ about a signature",
            ));
        }
        let data_keys = read_data_keys(reader)?;
        let frames = reader.array()?;
        if !version_2 && reader.array()? != [0, 0, 0, 0, 12] {
            return Err(Undecryptable::Malformed("its header has reserved values"));
        }
        let frame_bytes = match (frames, reader.u32()?) {
            ([1], 0) => None,
            ([2], bytes @ 1..) => Some(bytes),
            _ => return Err(Undecryptable::Malformed("its kind of body and its frames do not fit")),
        };
        let commitment = if version_2 { Some(reader.bytes(COMMITMENT_BYTES)?) } else { None };
        let length = message.len() - reader.left();
        let authenticated = message.get(..length).unwrap_or_default();
        let nonce = if version_2 { [0; NONCE_BYTES] } else { reader.array()? };
        let tag = reader.array()?;
        Ok(Header {
            suite,
            message_id,
            signing_key,
            data_keys,
            frame_bytes,
            commitment,
            authenticated,
            nonce,
            tag,
        })
    }
}

/// Reads the encryption context, of which only the signing key matters here.
fn read_context(context: &[u8]) -> Result<Option<&[u8]>, Undecryptable> {
    if context.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader::new(context);
    let mut signing_key = None;
    for _ in 0..reader.u16()? {
        let (name, value) = (reader.counted()?, reader.counted()?);
        if name == SIGNING_KEY && signing_key.replace(value).is_some() {
            return Err(Undecryptable::Malformed("its context has two signing keys"));
        }
    }
    if reader.left() > 0 {
        return Err(Undecryptable::Malformed("its context is longer than its entries"));
    }
    Ok(signing_key)
}

fn read_data_keys<'m>(reader: &mut Reader<'m>) -> Result<Vec<DataKey<'m>>, Undecryptable> {
    let count = reader.u16()?;
    if count > MAX_DATA_KEYS {
        return Err(Undecryptable::TooManyDataKeys(count));
    }
    let mut keys = Vec::new();
    for _ in 0..count {
        keys.push(DataKey {
            provider_id: reader.counted()?,
            key_name: reader.counted()?,
            wrapped: reader.counted()?,
        });
    }
    Ok(keys)
}
