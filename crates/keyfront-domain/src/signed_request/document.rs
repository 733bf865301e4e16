//! The JSON of a policy, to the letter of CloudFront's documentation.
//!
//! A member that is not documented, comes twice, is `null` or has another type is an error: a condition
//! that silently does nothing is a hole.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::MAX_EPOCH_SECONDS;
use super::policy::{Policy, SourceIp};

/// Reads a policy.
pub(super) fn parse(json: &[u8]) -> Result<Policy, serde_json::Error> {
    let Object(document): Object<Document> = serde_json::from_slice(json)?;
    let Object(Statement { resource, condition: Object(condition) }) = document.statement.0;
    Ok(Policy {
        resource,
        expires: condition.date_less_than.0.epoch_time,
        not_before: condition.date_greater_than.map(|date| date.0.epoch_time),
        source_ip: condition.ip_address.map(|address| address.0.source_ip),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "Statement")]
    statement: One<Statement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    #[serde(rename = "Resource", default, deserialize_with = "given")]
    resource: Option<String>,
    #[serde(rename = "Condition")]
    condition: Object<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    #[serde(rename = "DateLessThan")]
    date_less_than: Object<Date>,
    #[serde(rename = "DateGreaterThan", default, deserialize_with = "given")]
    date_greater_than: Option<Object<Date>>,
    #[serde(rename = "IpAddress", default, deserialize_with = "given")]
    ip_address: Option<Object<Address>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    #[serde(rename = "AWS:EpochTime", deserialize_with = "epoch_seconds")]
    epoch_time: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    #[serde(rename = "AWS:SourceIp", deserialize_with = "source_ip")]
    source_ip: SourceIp,
}

/// A member may be left out, but `null` is not a way to leave it out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn epoch_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let seconds = u64::deserialize(deserializer)?;
    if seconds > MAX_EPOCH_SECONDS {
        return Err(D::Error::custom(format!(
            "{seconds} is not a time in seconds; it looks like milliseconds"
        )));
    }
    Ok(seconds)
}

fn source_ip<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SourceIp, D::Error> {
    let text = String::deserialize(deserializer)?;
    let reason = || format!("{text:?} is not an IPv4 address or range, such as 192.0.2.0/24");
    SourceIp::parse(&text).ok_or_else(|| D::Error::custom(reason()))
}

/// A JSON object. Derived code alone would also take an array with the members' values in order.
struct Object<T>(T);

/// The only item of an array. Some of AWS's pages show a statement by itself; the service refuses it.
struct One<T>(Object<T>);

struct ObjectVisitor<T>(PhantomData<T>);

struct OneVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(OneVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneVisitor<T> {
    type Value = One<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array with one statement")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<One<T>, A::Error> {
        let item = items.next_element()?.ok_or_else(|| A::Error::custom("there is no statement"))?;
        match items.next_element::<IgnoredAny>()? {
            None => Ok(One(item)),
            Some(IgnoredAny) => Err(A::Error::custom("there is more than one statement")),
        }
    }
}
