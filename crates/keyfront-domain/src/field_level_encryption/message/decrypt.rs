//! Decrypts a message.

use aws_lc_rs::aead::Aad;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::layout::{DataKey, Header, Reader};
use super::suite::{MessageKey, NONCE_BYTES, Part, Suite, TAG_BYTES, nonce_of};
use super::{PrivateKey, Undecryptable};

/// Trying a data key costs a private operation of RSA, so a stranger does not choose how many there are.
pub(super) const MAX_DATA_KEYS: u16 = 32;

/// Stands before the sequence number of the last frame.
const FINAL_FRAME: u32 = u32::MAX;

/// Whom a message must be for. What is not said is not compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The provider id of the profile's entity.
    pub provider_id: Option<&'a str>,
    /// The name of the public key.
    pub key_name: Option<&'a str>,
}

impl Expected<'_> {
    fn fits(&self, key: &DataKey<'_>) -> bool {
        self.provider_id.is_none_or(|id| id.as_bytes() == key.provider_id)
            && self.key_name.is_none_or(|name| name.as_bytes() == key.key_name)
    }
}

impl PrivateKey {
    /// Decrypts a message, which must be nothing but a message, and which must be for the expected key.
    ///
    /// # Errors
    /// See [`Undecryptable`]. Nothing of a message that was changed in any place is returned.
    pub fn decrypt(&self, message: &[u8], expected: Expected<'_>) -> Result<Vec<u8>, Undecryptable> {
        let mut reader = Reader::new(message);
        let header = Header::read(message, &mut reader)?;
        let data_key = self.data_key(&header, expected)?;
        let key = header
            .suite
            .message_key(&data_key, header.message_id)
            .map_err(|Unspecified| Undecryptable::Malformed("its data key has a wrong length"))?;
        verify_header(&header, &key)?;
        let plaintext = match header.frame_bytes {
            Some(frame_bytes) => read_frames(&mut reader, &header, &key, frame_bytes)?,
            None => read_single(&mut reader, &header, &key)?,
        };
        let signed = message.get(..message.len() - reader.left()).unwrap_or_default();
        verify_signature(&header, signed, &mut reader)?;
        if reader.left() > 0 {
            return Err(Undecryptable::Malformed("something follows its end"));
        }
        Ok(plaintext)
    }

    fn data_key(&self, header: &Header<'_>, expected: Expected<'_>) -> Result<Vec<u8>, Undecryptable> {
        let mut candidates = header.data_keys.iter().filter(|key| expected.fits(key)).peekable();
        if candidates.peek().is_none() {
            return Err(other_key(&header.data_keys));
        }
        candidates.find_map(|key| self.unwrap_data_key(key.wrapped)).ok_or(Undecryptable::WrongKey)
    }
}

fn other_key(keys: &[DataKey<'_>]) -> Undecryptable {
    // A service's names have at most 128 bytes; a stranger's are cut.
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.get(..128).unwrap_or(bytes)).into_owned();
    Undecryptable::OtherKey(
        keys.iter().take(4).map(|key| (text(key.provider_id), text(key.key_name))).collect(),
    )
}

fn verify_header(header: &Header<'_>, key: &MessageKey) -> Result<(), Undecryptable> {
    if let Some(expected) = key.commitment {
        verify_slices_are_equal(&expected, header.commitment.unwrap_or_default())
            .map_err(|Unspecified| Undecryptable::Altered)?;
    }
    let aad = Aad::from(header.authenticated);
    let mut tag = header.tag;
    key.cipher
        .open_in_place(nonce_of(header.nonce), aad, &mut tag)
        .map_err(|Unspecified| Undecryptable::Altered)?;
    Ok(())
}

fn read_frames(
    reader: &mut Reader<'_>,
    header: &Header<'_>,
    key: &MessageKey,
    frame_bytes: u32,
) -> Result<Vec<u8>, Undecryptable> {
    let mut plaintext = Vec::new();
    for expected in 1..FINAL_FRAME {
        let first = reader.u32()?;
        let part = if first == FINAL_FRAME { Part::FinalFrame } else { Part::Frame };
        let sequence = if part == Part::FinalFrame { reader.u32()? } else { first };
        if sequence != expected {
            return Err(Undecryptable::Malformed("its frames are out of order"));
        }
        let nonce = reader.array()?;
        let length = if part == Part::FinalFrame { reader.u32()? } else { frame_bytes };
        if length > frame_bytes {
            return Err(Undecryptable::Malformed("its last frame is longer than a frame"));
        }
        let aad = part.authenticated(header.message_id, sequence, length.into());
        open(reader, key, nonce, &aad, length.into(), &mut plaintext)?;
        if part == Part::FinalFrame {
            return Ok(plaintext);
        }
    }
    Err(Undecryptable::Malformed("it has too many frames"))
}

fn read_single(
    reader: &mut Reader<'_>,
    header: &Header<'_>,
    key: &MessageKey,
) -> Result<Vec<u8>, Undecryptable> {
    let nonce = reader.array()?;
    let length = u64::from_be_bytes(reader.array()?);
    let aad = Part::Single.authenticated(header.message_id, 1, length);
    let mut plaintext = Vec::new();
    open(reader, key, nonce, &aad, length, &mut plaintext)?;
    Ok(plaintext)
}

/// Decrypts the next `length` bytes and their tag, and appends them to `plaintext`.
fn open(
    reader: &mut Reader<'_>,
    key: &MessageKey,
    nonce: [u8; NONCE_BYTES],
    aad: &[u8],
    length: u64,
    plaintext: &mut Vec<u8>,
) -> Result<(), Undecryptable> {
    const TOO_LONG: Undecryptable = Undecryptable::Malformed("it ends too early");
    let length = usize::try_from(length).ok().ok_or(TOO_LONG)?;
    let sealed = reader.bytes(length.checked_add(TAG_BYTES).ok_or(TOO_LONG)?)?;
    let begin = plaintext.len();
    plaintext.extend(sealed);
    let content = plaintext.get_mut(begin..).unwrap_or_default();
    key.cipher
        .open_in_place(nonce_of(nonce), Aad::from(aad), content)
        .map_err(|Unspecified| Undecryptable::Altered)?;
    plaintext.truncate(begin + length);
    Ok(())
}

/// The footer of the suites that have one: a signature of everything before it, with the key that the
/// context names. That key is the message's own; it proves that header and body belong together.
fn verify_signature(
    header: &Header<'_>,
    signed: &[u8],
    reader: &mut Reader<'_>,
) -> Result<(), Undecryptable> {
    let Suite { signature: Some(algorithm), .. } = header.suite else { return Ok(()) };
    let signature = reader.counted()?;
    let point = STANDARD.decode(header.signing_key.unwrap_or_default()).ok();
    let key = point.and_then(|point| ParsedPublicKey::new(*algorithm, point).ok());
    let key = key.ok_or(Undecryptable::Malformed("its signing key is not a key"))?;
    key.verify_sig(signed, signature).map_err(|Unspecified| Undecryptable::BadSignature)
}
