//! Renders the report of `keyfront verify`: text for a person, JSON for a script.

use std::borrow::Cow;

use keyfront_domain::signed_request::{
    Code, Denial, Form, HashAlgorithm, PolicyKind, SignatureParameters, Verified,
};
use serde_json::{Value, json};

use super::context::RequestContext;
use super::exit_code;
use super::explain::explain;
use crate::terminal::one_line;
use crate::terminal::time::{format_duration, format_utc};

/// What a signature allows, as far as it can be read.
pub(super) struct Terms {
    form: Form,
    key_pair_id: Option<String>,
    kind: Option<PolicyKind>,
    hash: Option<&'static str>,
    resource: Option<String>,
    expires: Option<u64>,
    not_before: Option<u64>,
    addresses: Option<String>,
}

impl Terms {
    /// Reads them from what a request presents.
    pub(super) fn of(parameters: &SignatureParameters<'_>, url: &str) -> Terms {
        let signed = parameters.policy().ok();
        let policy = signed.as_ref().map(|signed| &signed.policy);
        let resource = signed.as_ref().map(|signed| match (&signed.policy.resource, signed.kind) {
            (Some(pattern), _) => pattern.clone(),
            (None, PolicyKind::Canned) => url.to_owned(),
            (None, PolicyKind::Custom) => "*".to_owned(),
        });
        Terms {
            form: parameters.form,
            key_pair_id: parameters.key_pair_id().ok().map(Cow::into_owned),
            kind: signed.as_ref().map(|signed| signed.kind),
            hash: parameters.hash().ok().map(HashAlgorithm::name),
            resource,
            expires: policy.map(|policy| policy.expires),
            not_before: policy.and_then(|policy| policy.not_before),
            addresses: policy.and_then(|policy| policy.source_ip.as_ref()).map(ToString::to_string),
        }
    }

    fn as_json(&self) -> Value {
        let kind = self.kind.map(|kind| match kind {
            PolicyKind::Canned => "canned",
            PolicyKind::Custom => "custom",
        });
        json!({
            "Form": match self.form { Form::Url => "url", Form::Cookies => "cookies" },
            "Policy": kind,
            "KeyPairId": self.key_pair_id,
            "HashAlgorithm": self.hash,
            "Resource": self.resource,
            "ValidAfter": self.not_before.map(format_utc),
            "ValidUntil": self.expires.map(format_utc),
            "Addresses": self.addresses,
        })
    }
}

/// What there is to say about a request that would be served.
pub(super) fn served(
    verified: &Verified<'_>,
    terms: &Terms,
    context: &RequestContext<'_>,
    now: u64,
) -> String {
    let form = match (verified.form, verified.kind) {
        (Form::Url, PolicyKind::Canned) => "signed URL, canned policy",
        (Form::Url, PolicyKind::Custom) => "signed URL, custom policy",
        (Form::Cookies, PolicyKind::Canned) => "signed cookies, canned policy",
        (Form::Cookies, PolicyKind::Custom) => "signed cookies, custom policy",
    };
    let from =
        terms.not_before.map_or_else(|| "any time".to_owned(), |at| format!("after {}", format_utc(at)));
    let left = format_duration(verified.expires.saturating_sub(now));
    let viewers = match &terms.addresses {
        None => "any address".to_owned(),
        Some(addresses) if context.viewer_is_known => addresses.clone(),
        Some(addresses) => format!("{addresses}; not checked, add --ip ADDRESS to check one"),
    };
    let lines = [
        ("what", form.to_owned()),
        (
            "key",
            format!("{}, {}", context.trust.describe(&verified.key_pair_id), terms.hash.unwrap_or_default()),
        ),
        ("resource", one_line(terms.resource.as_deref().unwrap_or_default())),
        ("from", from),
        ("until", format!("{}, {left} left", format_utc(verified.expires))),
        ("viewers", viewers),
        ("origin", format!("gets {}", one_line(&verified.target))),
    ];
    let lines = lines.iter().map(|(name, value)| format!("\n  {name:9} {value}"));
    std::iter::once("CloudFront would serve it.".to_owned()).chain(lines).collect()
}

pub(super) fn served_as_json(verified: &Verified<'_>, terms: &Terms, context: &RequestContext<'_>) -> Value {
    json!({
        "Served": true,
        "Signature": terms.as_json(),
        "AddressChecked": terms.addresses.is_none() || context.viewer_is_known,
        "OriginTarget": verified.target,
        "Refusals": [],
    })
}

/// What there is to say about a request that would be refused. The first denial is CloudFront's.
pub(super) fn refused(denials: &[Denial], code: Code, context: &RequestContext<'_>) -> String {
    let mut text =
        format!("CloudFront would refuse it: {} {}, {}", Code::STATUS, code.name(), code.message());
    for (number, denial) in (1..).zip(denials) {
        let explanation = explain(denial, context);
        text.push_str(&format!("\n\n{number}. {}", explanation.what));
        for line in explanation.details {
            text.push_str(&format!("\n   {line}"));
        }
    }
    text
}

pub(super) fn refused_as_json(
    denials: &[Denial],
    code: Code,
    terms: Option<&Terms>,
    context: &RequestContext<'_>,
) -> Value {
    let all = denials.iter().map(|denial| {
        let explanation = explain(denial, context);
        let cause = exit_code::cause(denial);
        json!({
            "Cause": cause.name,
            "ExitCode": cause.exit_code,
            "Code": denial.code().name(),
            "What": explanation.what,
            "Details": explanation.details.iter().map(|line| line.trim()).collect::<Vec<_>>(),
        })
    });
    json!({
        "Served": false,
        "Status": Code::STATUS,
        "Code": code.name(),
        "Message": code.message(),
        "Signature": terms.map(Terms::as_json),
        "Refusals": all.collect::<Vec<_>>(),
    })
}
