//! The record of a restore that is made in several commits.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use uuid::Uuid;

use super::damaged;
use crate::{Check, StoreError, Version, Write};

const LAYOUT: u8 = 1;

/// A step of a restore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum JournalStep {
    /// Before any write: an entry still has its version.
    Check(Check),
    /// A write. It may be made again.
    Write(Write),
}

impl JournalStep {
    /// Layout: version byte; what it is: 0 a check, 1 a put, 2 a deletion, 3 one of a range; the length of the key
    /// in four big-endian bytes; the key; and the version in eight bytes, the value, nothing or the end of the range.
    pub(crate) fn encode(&self) -> Bytes {
        let (kind, key, rest) = match self {
            JournalStep::Check(Check { key, version }) => {
                (0, key, Bytes::copy_from_slice(&version.0.to_be_bytes()))
            }
            JournalStep::Write(Write::Put { key, value }) => (1, key, value.clone()),
            JournalStep::Write(Write::Delete { key }) => (2, key, Bytes::new()),
            JournalStep::Write(Write::DeleteRange { start, end }) => (3, start, end.clone()),
        };
        let mut bytes = BytesMut::with_capacity(6 + key.len() + rest.len());
        bytes.put_slice(&[LAYOUT, kind]);
        // An engine takes no key that is longer.
        bytes.put_u32(u32::try_from(key.len()).unwrap_or(u32::MAX));
        bytes.put_slice(key);
        bytes.put_slice(&rest);
        bytes.freeze()
    }

    pub(crate) fn decode(value: &Bytes) -> Result<JournalStep, StoreError> {
        JournalStep::read(value.clone()).ok_or_else(|| damaged("restore"))
    }

    fn read(mut value: Bytes) -> Option<JournalStep> {
        let (layout, kind) = (value.try_get_u8().ok()?, value.try_get_u8().ok()?);
        let length = usize::try_from(value.try_get_u32().ok()?).ok()?;
        if layout != LAYOUT || length > value.remaining() {
            return None;
        }
        let key = value.split_to(length);
        match kind {
            0 => {
                let version = Version(value.try_get_u64().ok()?);
                value.is_empty().then_some(JournalStep::Check(Check { key, version }))
            }
            1 => Some(JournalStep::Write(Write::Put { key, value })),
            2 => value.is_empty().then_some(JournalStep::Write(Write::Delete { key })),
            3 => Some(JournalStep::Write(Write::DeleteRange { start: key, end: value })),
            _ => None,
        }
    }
}

/// A restore that is being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RestoreMark {
    /// Which journal it makes.
    pub(crate) restore: Uuid,
    /// Its checks held, so that its writes are made to their end.
    pub(crate) is_checked: bool,
}

impl RestoreMark {
    /// Layout: version byte, 1 if it is checked, and the sixteen bytes of the id.
    pub(crate) fn encode(self) -> Bytes {
        Bytes::from([&[LAYOUT, u8::from(self.is_checked)], &self.restore.as_bytes()[..]].concat())
    }

    pub(crate) fn decode(value: &[u8]) -> Result<RestoreMark, StoreError> {
        match value.split_first_chunk() {
            Some((&[LAYOUT, checked @ (0 | 1)], id)) => {
                let restore = Uuid::from_slice(id).map_err(|_damaged| damaged("restore"))?;
                Ok(RestoreMark { restore, is_checked: checked == 1 })
            }
            _ => Err(damaged("restore")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_marks_read_back_and_damage_does_not() {
        let key = Bytes::from_static(b"key");
        let steps = [
            JournalStep::Check(Check { key: key.clone(), version: Version(258) }),
            JournalStep::Write(Write::Put { key: key.clone(), value: Bytes::from_static(b"value") }),
            JournalStep::Write(Write::Put { key: key.clone(), value: Bytes::new() }),
            JournalStep::Write(Write::Delete { key: key.clone() }),
            JournalStep::Write(Write::DeleteRange { start: key.clone(), end: Bytes::new() }),
        ];
        for step in steps {
            let value = step.encode();
            assert_eq!(JournalStep::decode(&value).unwrap(), step);
            for length in 0..9 {
                assert!(JournalStep::decode(&value.slice(..length)).is_err(), "{step:?} cut to {length}");
            }
        }
        for is_checked in [false, true] {
            let mark = RestoreMark { restore: Uuid::from_u128(7), is_checked };
            assert_eq!(RestoreMark::decode(&mark.encode()).unwrap(), mark);
            assert!(RestoreMark::decode(&mark.encode().slice(..17)).is_err());
        }
        assert!(JournalStep::decode(&Bytes::from_static(b"\x02\x01\0\0\0\0")).is_err(), "a later layout");
    }
}
