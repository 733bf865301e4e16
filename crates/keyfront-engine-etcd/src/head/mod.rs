//! What a commit leaves in the head, so that a watch brings the batch as it was written.
//!
//! The head is written by every commit. Its revision is the version of the last commit, and its value lists the steps
//! of the batch. From the entries alone they could not be told: etcd has no event for the deletion of an absent key,
//! and one for each key of a deleted range. A put that lasted is listed by its place among the puts of the
//! revision, so that its key and value are not sent twice.
//!
//! The first step is the mark of the commit, by which it is found when its answer is lost: see `resolution`. It has the
//! form of the removal of a key that is never there, so that servers of before there were marks read it as one.

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use keyfront_engine::Write;

/// The form of the value.
const FORM: u8 = 1;

const LASTING_PUT: u8 = 0;
const OTHER_PUT: u8 = 1;
const DELETE: u8 = 2;
const DELETE_RANGE: u8 = 3;

/// What the key of a mark begins with. The keys of the seam begin with the number of a table.
const MARK: &[u8] = b"\xffcommit ";

/// Bytes of what tells marks apart: the session, and a number in it.
const MARK_BYTES: usize = 16;

/// Bytes that one step takes in the head beside keys and values that it repeats, at most.
pub(crate) const STEP_BYTES: usize = 9;

/// What a head says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The mark of the commit; none of a server that does not know marks.
    pub(crate) mark: Option<Mark>,
    /// The steps of its batch.
    pub(crate) writes: Vec<Write>,
}

/// Tells a commit from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark([u8; MARK_BYTES]);

impl Mark {
    /// The mark of the commit with this number in a session, which is named after its lease.
    pub(crate) fn new(lease: i64, number: u64) -> Mark {
        Mark((u128::from(lease.cast_unsigned()) << u64::BITS | u128::from(number)).to_be_bytes())
    }

    pub(crate) fn to_bytes(self) -> Bytes {
        Bytes::copy_from_slice(&self.0)
    }

    /// The mark whose key this is.
    fn in_key(key: &[u8]) -> Option<Mark> {
        key.strip_prefix(MARK)?.try_into().ok().map(Mark)
    }
}

/// The value of the head for a batch whose plan has these puts.
pub(crate) fn encode(mark: Mark, writes: &[Write], puts: &BTreeMap<Bytes, Bytes>) -> Bytes {
    let places: BTreeMap<&Bytes, usize> = puts.keys().enumerate().map(|(place, key)| (key, place)).collect();
    let mut head = BytesMut::with_capacity(1 + (writes.len() + 1) * STEP_BYTES + MARK.len() + MARK_BYTES);
    head.put_u8(FORM);
    head.put_u8(DELETE);
    put_bytes(&mut head, &[MARK, &mark.0].concat());
    for write in writes {
        match write {
            Write::Put { key, value } => match places.get(key) {
                // Several puts of a key are equal or differ in their values; only the last one's value lasts.
                Some(place) if puts.get(key) == Some(value) => {
                    head.put_u8(LASTING_PUT);
                    head.put_u32(length(*place));
                }
                Some(_) | None => {
                    head.put_u8(OTHER_PUT);
                    put_bytes(&mut head, key);
                    put_bytes(&mut head, value);
                }
            },
            Write::Delete { key } => {
                head.put_u8(DELETE);
                put_bytes(&mut head, key);
            }
            Write::DeleteRange { start, end } => {
                head.put_u8(DELETE_RANGE);
                put_bytes(&mut head, start);
                put_bytes(&mut head, end);
            }
        }
    }
    head.freeze()
}

/// The mark of the commit that wrote a head.
pub(crate) fn mark_of(mut head: Bytes) -> Option<Mark> {
    if head.try_get_u8().ok()? != FORM || head.try_get_u8().ok()? != DELETE {
        return None;
    }
    Mark::in_key(&take_bytes(&mut head)?)
}

/// What a head says with the puts of its revision in key order; `None` when they do not fit.
pub(crate) fn decode(mut head: Bytes, puts: &[(Bytes, Bytes)]) -> Option<Head> {
    let mark = mark_of(head.clone());
    if head.try_get_u8().ok()? != FORM {
        return None;
    }
    if mark.is_some() {
        head.advance(1);
        take_bytes(&mut head)?;
    }
    let mut writes = Vec::new();
    while head.has_remaining() {
        writes.push(match head.get_u8() {
            LASTING_PUT => {
                let place = usize::try_from(head.try_get_u32().ok()?).ok()?;
                let (key, value) = puts.get(place)?.clone();
                Write::Put { key, value }
            }
            OTHER_PUT => Write::Put { key: take_bytes(&mut head)?, value: take_bytes(&mut head)? },
            DELETE => Write::Delete { key: take_bytes(&mut head)? },
            DELETE_RANGE => Write::DeleteRange { start: take_bytes(&mut head)?, end: take_bytes(&mut head)? },
            _ => return None,
        });
    }
    Some(Head { mark, writes })
}

fn put_bytes(head: &mut BytesMut, bytes: &[u8]) {
    head.put_u32(length(bytes.len()));
    head.put_slice(bytes);
}

fn take_bytes(head: &mut Bytes) -> Option<Bytes> {
    let length = usize::try_from(head.try_get_u32().ok()?).ok()?;
    (length <= head.len()).then(|| head.split_to(length))
}

/// A batch is far smaller than 4 GiB, because a request is.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
