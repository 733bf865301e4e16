//! Records that are not JSON documents: presence, the id of an owner, code, the format of the data.

use bytes::Bytes;

use crate::StoreError;
use crate::transaction::Record;

/// The version of the layouts below.
const VERSION: u8 = 1;

/// An entry whose key says everything. Its value is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present;

/// The id of the resource that has a name, or that a request made.
///
/// Before the first step of the migration the value was empty; it reads as an empty id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerId(pub String);

/// The code of a function's stage, which may be any bytes. It is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(pub Bytes);

/// How many steps of the migration were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Format(pub u32);

fn with_version(rest: &[u8]) -> Bytes {
    let mut value = Vec::with_capacity(1 + rest.len());
    value.push(VERSION);
    value.extend_from_slice(rest);
    Bytes::from(value)
}

/// What follows the version byte of a value that has one.
fn without_version(value: &Bytes) -> Option<Bytes> {
    (value.first() == Some(&VERSION)).then(|| value.slice(1..))
}

impl Record for Present {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(Bytes::new())
    }

    fn decode(value: &Bytes) -> Option<Present> {
        value.is_empty().then_some(Present)
    }
}

impl Record for OwnerId {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(with_version(self.0.as_bytes()))
    }

    fn decode(value: &Bytes) -> Option<OwnerId> {
        let id = if value.is_empty() { Bytes::new() } else { without_version(value)? };
        String::from_utf8(id.to_vec()).ok().map(OwnerId)
    }
}

impl Record for Code {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(with_version(&self.0))
    }

    fn decode(value: &Bytes) -> Option<Code> {
        without_version(value).map(Code)
    }
}

impl Record for Format {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(with_version(&self.0.to_be_bytes()))
    }

    fn decode(value: &Bytes) -> Option<Format> {
        let steps = <[u8; 4]>::try_from(&*without_version(value)?).ok()?;
        Some(Format(u32::from_be_bytes(steps)))
    }
}
