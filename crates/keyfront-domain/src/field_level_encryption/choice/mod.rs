//! Chooses the profile that a request is encrypted with (AWS: Using field-level encryption to help protect sensitive data).

use super::config::CONTENT_TYPE;
use super::escapes::Escapes;
use super::{ContentTypeProfileConfig, FieldLevelEncryptionConfig, QueryArgProfileConfig, Status};
use crate::name::is_token;

/// What happens to the body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// Its fields are encrypted by the profile of this id.
    Encrypt(&'a str),
    /// It is forwarded as it came, with this status.
    Forward(Status),
    /// The viewer is refused with HTTP 400, with this status.
    Refuse(Status),
}

/// Chooses for a request that has a body; a request without one has nothing to encrypt and is not to be
/// asked about. `content_type` is the header's value, `query` what follows the `?` of the target, as it
/// was sent.
///
/// The query argument `fle-profile` goes before the content type. Only a form can be encrypted: a body of
/// another type gets what the configuration says about content types that it does not know, and where it
/// says nothing although `fle-profile` asks for a profile, the request is refused.
pub fn choose<'a>(
    config: &'a FieldLevelEncryptionConfig,
    content_type: Option<&[u8]>,
    query: Option<&[u8]>,
) -> Choice<'a> {
    let Some(kind) = content_type.map_or(Some(BodyKind::Other), BodyKind::of) else {
        return Choice::Refuse(Status::MalformedContentTypeClientError);
    };
    let arguments = config.query_arg_profile_config.as_ref();
    let asked = match arguments.map(|arguments| by_argument(arguments, query.unwrap_or_default())) {
        None | Some(Asked::Nothing) => None,
        Some(Asked::Profile(id)) => Some(id),
        Some(Asked::Other(choice)) => return choice,
    };
    match (asked, &config.content_type_profile_config) {
        (Some(id), _) if kind == BodyKind::Form => Choice::Encrypt(id),
        (_, Some(types)) => by_type(types, kind),
        (None, None) => Choice::Forward(Status::ForwardedDueToNoProfile),
        (Some(_), None) => Choice::Refuse(Status::RejectedByContentType),
    }
}

/// What the query argument asks for.
enum Asked<'a> {
    Nothing,
    Profile(&'a str),
    Other(Choice<'a>),
}

fn by_argument<'a>(arguments: &'a QueryArgProfileConfig, query: &[u8]) -> Asked<'a> {
    let mut values = query.split(|&byte| byte == b'&').filter_map(|argument| {
        let rest = argument.strip_prefix(b"fle-profile")?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b"=") }
    });
    let Some(value) = values.next() else { return Asked::Nothing };
    if value.is_empty() || Escapes::undo(value).is_err() || values.next().is_some() {
        return Asked::Other(Choice::Refuse(Status::MalformedQueryArgsClientError));
    }
    let profiles = arguments.query_arg_profiles.iter().flat_map(|profiles| &profiles.items);
    // A mapping may hold escapes itself, so it is compared with the text as it was sent.
    match profiles.into_iter().find(|profile| profile.query_arg.as_bytes() == value) {
        Some(profile) => Asked::Profile(&profile.profile_id),
        None if arguments.forward_when_query_arg_profile_is_unknown => {
            Asked::Other(Choice::Forward(Status::ForwardedByQueryArgs))
        }
        None => Asked::Other(Choice::Refuse(Status::RejectedByQueryArgs)),
    }
}

fn by_type(types: &ContentTypeProfileConfig, kind: BodyKind) -> Choice<'_> {
    let mut profiles = types.content_type_profiles.iter().flat_map(|profiles| &profiles.items);
    match profiles.find(|profile| kind == BodyKind::Form && profile.content_type == CONTENT_TYPE) {
        Some(profile) => match profile.profile_id.as_deref() {
            Some(id) if !id.is_empty() => Choice::Encrypt(id),
            Some(_) | None => Choice::Forward(Status::ForwardedDueToNoProfile),
        },
        None if types.forward_when_content_type_is_unknown => Choice::Forward(Status::ForwardedByContentType),
        None => Choice::Refuse(Status::RejectedByContentType),
    }
}

/// What a body is, by its content type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyKind {
    Form,
    Other,
}

impl BodyKind {
    /// Reads the value of a `Content-Type` header: a type and a subtype, and parameters that do not matter
    /// (RFC 9110, section 8.3).
    fn of(header: &[u8]) -> Option<BodyKind> {
        let essence = header.split(|&byte| byte == b';').next()?.trim_ascii();
        let mut parts = essence.split(|&byte| byte == b'/');
        let (main, sub) = (parts.next()?, parts.next()?);
        let valid = parts.next().is_none() && is_token(main) && is_token(sub);
        let form = essence.eq_ignore_ascii_case(CONTENT_TYPE.as_bytes());
        valid.then_some(if form { BodyKind::Form } else { BodyKind::Other })
    }
}

#[cfg(test)]
mod tests;
