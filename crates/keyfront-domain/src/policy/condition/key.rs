//! Condition keys: which facts of a request a condition can look at.

use std::net::IpAddr;

use super::operator::Family;
use super::value::{self, Nanos};
use crate::policy::request::{Context, PrincipalFact};

/// A condition key. Its name is case-insensitive, the name of a tag in it included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Principal(PrincipalFact),
    SourceIp,
    CurrentTime,
    EpochTime,
    SecureTransport,
    UserAgent,
    ResourceTag(String),
    RequestTag(String),
    TagKeys,
}

/// One value of a key in a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Ip(IpAddr),
    UnixSeconds(i64),
    Bool(bool),
}

impl Key {
    pub(super) fn parse(name: &str) -> Result<Key, String> {
        let simple = [
            ("aws:SourceIp", Key::SourceIp),
            ("aws:CurrentTime", Key::CurrentTime),
            ("aws:EpochTime", Key::EpochTime),
            ("aws:SecureTransport", Key::SecureTransport),
            ("aws:UserAgent", Key::UserAgent),
            ("aws:TagKeys", Key::TagKeys),
        ];
        if let Some((_, key)) = simple.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Ok(key);
        }
        if let Some(fact) = PrincipalFact::parse(name) {
            return Ok(Key::Principal(fact));
        }
        match name.split_once('/') {
            Some((prefix, tag)) if !tag.is_empty() && prefix.eq_ignore_ascii_case("aws:ResourceTag") => {
                Ok(Key::ResourceTag(tag.to_owned()))
            }
            Some((prefix, tag)) if !tag.is_empty() && prefix.eq_ignore_ascii_case("aws:RequestTag") => {
                Ok(Key::RequestTag(tag.to_owned()))
            }
            Some(_) | None => Err("unknown condition key; Keyfront knows aws:SourceIp, aws:CurrentTime, \
                 aws:EpochTime, aws:SecureTransport, aws:UserAgent, aws:PrincipalAccount, aws:PrincipalArn, \
                 aws:PrincipalType, aws:username, aws:userid, aws:ResourceTag/KEY, aws:RequestTag/KEY and \
                 aws:TagKeys"
                .to_owned()),
        }
    }

    /// Names of the operators that fit, where `family` does not.
    ///
    /// IAM takes any operator with any key and then compares what cannot be compared. Keyfront says so
    /// when it reads the policy. A tag's value is free text, so every operator may read it.
    pub(super) fn refuses(&self, family: Family) -> Option<&'static str> {
        let (fits, names) = match self {
            Key::Principal(PrincipalFact::Arn) => {
                (matches!(family, Family::String(_) | Family::Arn), "String… or Arn…")
            }
            Key::Principal(_) | Key::UserAgent | Key::TagKeys => {
                (matches!(family, Family::String(_)), "String…")
            }
            Key::SourceIp => (family == Family::Ip, "IpAddress or NotIpAddress"),
            Key::CurrentTime => (matches!(family, Family::Date(_)), "Date…"),
            Key::EpochTime => (matches!(family, Family::Date(_) | Family::Numeric(_)), "Date… or Numeric…"),
            Key::SecureTransport => (family == Family::Bool, "Bool"),
            Key::ResourceTag(_) | Key::RequestTag(_) => (true, "any"),
        };
        (!fits && family != Family::Null).then_some(names)
    }

    /// Whether a request can have several values of the key.
    pub(super) fn is_multivalued(&self) -> bool {
        *self == Key::TagKeys
    }

    /// The key's values in a request; none when the request does not have it.
    pub(super) fn values<'r>(&self, context: &'r Context<'_>) -> impl Iterator<Item = Value<'r>> + use<'r> {
        let single = match self {
            Key::Principal(fact) => Some(Value::Text(context.principal.fact(*fact))),
            Key::SourceIp => context.source_ip.map(Value::Ip),
            Key::CurrentTime | Key::EpochTime => Some(Value::UnixSeconds(context.unix_seconds)),
            Key::SecureTransport => Some(Value::Bool(context.secure_transport)),
            Key::UserAgent => context.user_agent.map(Value::Text),
            Key::ResourceTag(name) => tag(context.resource_tags, name),
            Key::RequestTag(name) => tag(context.request_tags, name),
            Key::TagKeys => None,
        };
        let (tags, names) = if self.is_multivalued() {
            (context.request_tags, context.request_tag_keys)
        } else {
            (&[][..], &[][..])
        };
        let tag_keys = tags.iter().map(|(name, _)| name).chain(names).map(|name| Value::Text(name));
        single.into_iter().chain(tag_keys)
    }
}

/// The value of a tag. A tag whose case differs is the same to IAM but not to the service that keeps the
/// tags; the exact name comes first, so that adding `TEAM` does not hide `team`.
fn tag<'r>(tags: &'r [(String, String)], wanted: &str) -> Option<Value<'r>> {
    let same = |name: &str| {
        name.chars().flat_map(char::to_lowercase).eq(wanted.chars().flat_map(char::to_lowercase))
    };
    let found =
        tags.iter().find(|(name, _)| name == wanted).or_else(|| tags.iter().find(|(name, _)| same(name)));
    found.map(|(_, value)| Value::Text(value))
}

impl<'a> Value<'a> {
    /// The value as text, where it is text.
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Ip(_) | Value::UnixSeconds(_) | Value::Bool(_) => None,
        }
    }

    /// The value as an address. An IPv4 address that came over an IPv6 socket is the IPv4 address.
    pub(super) fn ip(self) -> Option<IpAddr> {
        match self {
            Value::Ip(ip) => Some(ip.to_canonical()),
            Value::Text(text) => text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical()),
            Value::UnixSeconds(_) | Value::Bool(_) => None,
        }
    }

    /// The value as a point in time.
    pub(super) fn instant(self) -> Option<Nanos> {
        match self {
            Value::UnixSeconds(seconds) => Some(value::from_whole(seconds)),
            Value::Text(text) => value::parse_instant(text),
            Value::Ip(_) | Value::Bool(_) => None,
        }
    }

    /// The value as a number.
    pub(super) fn number(self) -> Option<Nanos> {
        match self {
            Value::UnixSeconds(seconds) => Some(value::from_whole(seconds)),
            Value::Text(text) => value::parse_number(text),
            Value::Ip(_) | Value::Bool(_) => None,
        }
    }

    /// The value as true or false.
    pub(super) fn bool(self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(value),
            Value::Text(text) => value::parse_bool(text),
            Value::Ip(_) | Value::UnixSeconds(_) => None,
        }
    }
}
