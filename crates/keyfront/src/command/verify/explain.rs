//! Explains why a request is refused and how to repair it.

use keyfront_domain::signed_request::{
    Denial, Diagnosis, ForeignEncoding, Form, Parameter, PolicyKind, Section,
};

use super::context::RequestContext;
use crate::terminal::one_line;
use crate::terminal::time::{format_duration, format_utc};

/// A denial in words: what is wrong, and what else helps.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Explanation {
    /// One sentence.
    pub(super) what: String,
    /// Lines with the details.
    pub(super) details: Vec<String>,
}

/// Explains a denial.
pub(super) fn explain(denial: &Denial, context: &RequestContext<'_>) -> Explanation {
    let (what, details) = match denial {
        Denial::Missing { form, parameter: Parameter::Policy } => {
            (format!("There is neither {} nor {}.", names(*form).0, names(*form).1), vec![])
        }
        Denial::UnknownKey { key_pair_id } => unknown_key(key_pair_id, context),
        Denial::MalformedPolicy { policy, .. } => {
            (sentence(denial), vec![format!("policy    {}", one_line(policy))])
        }
        Denial::WrongSignature { .. } => wrong_signature(denial, context),
        Denial::Expired { expires, now } => (
            format!(
                "It expired {} ago: it was valid until {}, and the time is {}.",
                format_duration(now.saturating_sub(*expires)),
                format_utc(*expires),
                format_utc(*now)
            ),
            vec![],
        ),
        Denial::NotYetValid { not_before, now } => (
            format!(
                "It is not valid for another {}: it begins after {}, and the time is {}.",
                format_duration(not_before.saturating_sub(*now).saturating_add(1)),
                format_utc(*not_before),
                format_utc(*now)
            ),
            vec![],
        ),
        Denial::WrongResource { .. } => wrong_resource(denial, context),
        Denial::WrongAddress { allowed, viewer } => {
            let what = format!("Its policy is for viewers at {allowed}, and this one is at {viewer}.");
            let v6 = allowed.contains(':') || viewer.is_ipv6();
            (what, if v6 { vec!["CloudFront supports only IPv4 addresses here.".to_owned()] } else { vec![] })
        }
        Denial::NotSigned
        | Denial::Missing { .. }
        | Denial::Repeated { .. }
        | Denial::TooLong { .. }
        | Denial::MalformedKeyPairId { .. }
        | Denial::MalformedSignature(_)
        | Denial::UndecodablePolicy(_)
        | Denial::MalformedExpires { .. }
        | Denial::UnsupportedHash { .. } => (sentence(denial), vec![]),
    };
    Explanation { what, details }
}

fn names(form: Form) -> (&'static str, &'static str) {
    (Parameter::Policy.name(form), Parameter::Expires.name(form))
}

/// What the denial says of itself, as a sentence.
fn sentence(denial: &Denial) -> String {
    let text = one_line(&denial.to_string());
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

fn unknown_key(id: &str, context: &RequestContext<'_>) -> (String, Vec<String>) {
    let mut details = context.trust.about(id);
    if let Some(Diagnosis { key_pair_id: Some(other), .. }) = &context.diagnosis {
        details.push(format!(
            "the signature was made by {}: Key-Pair-Id is wrong",
            context.trust.describe(other)
        ));
    }
    (format!("The public key {id} is not trusted."), details.iter().map(|line| one_line(line)).collect())
}

fn wrong_signature(denial: &Denial, context: &RequestContext<'_>) -> (String, Vec<String>) {
    let Denial::WrongSignature { key_pair_id, hash, kind, policy } = denial else {
        return (sentence(denial), vec![]);
    };
    let key = context.trust.describe(key_pair_id);
    let (what, whose) = match kind {
        PolicyKind::Canned => {
            let (_, expires) = names(context.form);
            ("The signature is not for this URL and its expiration.", format!("of this URL and {expires}"))
        }
        PolicyKind::Custom => ("The signature is not for this policy.", "as it was sent".to_owned()),
    };
    let mut details = vec![
        format!("expected  the policy {whose}, signed by {key} with {hash}:"),
        format!("          {policy}"),
    ];
    match &context.diagnosis {
        Some(diagnosis) => details.extend(diagnosis_lines(diagnosis, context)),
        None => details.push(
            "found     nothing that the signature would be for: the URL, the policy or the signature was changed \
             after signing, or another key signed"
                .to_owned(),
        ),
    }
    (what.to_owned(), details.iter().map(|line| one_line(line)).collect())
}

fn diagnosis_lines(diagnosis: &Diagnosis, context: &RequestContext<'_>) -> Vec<String> {
    let Diagnosis { key_pair_id, hash, encoding, text } = diagnosis;
    let mut how = Vec::new();
    if let Some(text) = text {
        how.push(text.difference.to_owned());
    }
    if let Some(id) = key_pair_id {
        how.push(format!("by the key {}", context.trust.describe(id)));
    }
    if let Some(hash) = hash {
        how.push(format!("with {hash}, which {} must say", Parameter::HashAlgorithm.name(context.form)));
    }
    match encoding {
        Some(ForeignEncoding::FixedEcdsa) => {
            how.push("in the form of two numbers side by side; CloudFront reads ASN.1 DER".to_owned());
        }
        Some(ForeignEncoding::Pss) => {
            how.push("with PSS padding; CloudFront reads PKCS #1 v1.5".to_owned());
        }
        None => {}
    }
    let signed = text.iter().map(|text| format!("          {}", text.text));
    std::iter::once(format!("found     it was made {}", how.join(", "))).chain(signed).collect()
}

fn wrong_resource(denial: &Denial, context: &RequestContext<'_>) -> (String, Vec<String>) {
    let Denial::WrongResource { pattern, section, wanted, found } = denial else {
        return (sentence(denial), vec![]);
    };
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    let mut details = vec![
        format!("policy    {pattern}"),
        format!("URL       {}", context.url),
        format!("{:9} {} is not {}", section.to_string(), side(found), side(wanted)),
    ];
    let advice = match (section, wanted, found) {
        (Section::Protocol, None, _) => Some("a pattern begins with http://, https:// or *"),
        (Section::Protocol, Some(_), _) => Some("*:// in front of the host takes both protocols"),
        (Section::Domain, ..) => Some("the host is the one that the viewer asks for, not the origin's"),
        (Section::Query, None, Some(_)) => Some("* at the end of the path takes every query too"),
        (Section::Query, Some(_), _) => Some(r"in a pattern ? is any one character; a query begins at \?"),
        (Section::Path, Some(wanted), Some(_)) if !wanted.contains(['*', '?']) => {
            Some("case matters, and nothing is decoded: %20 and a space are not the same")
        }
        (Section::Path | Section::Query, ..) => None,
    };
    details.extend(advice.map(|advice| format!("note      {advice}")));
    let what = format!("Its policy is for other URLs: the {section} does not match.");
    (what, details.iter().map(|line| one_line(line)).collect())
}
