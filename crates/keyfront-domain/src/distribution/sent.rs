//! What is judged before a configuration is completed: members that the service never fills in.
//!
//! The model marks few members as required; a create needs some more, and an update far more, because it replaces the
//! whole configuration and the service refuses to guess.

use keyfront_error::{Code, ServiceError};
use serde_json::{Map, Value};

use super::completion::Kind;
use super::finding::{Finding, Findings, Place, first};

type Members = Map<String, Value>;

const CONFIG: &Place<'static> = &Place::Config;

/// Refuses an update that leaves out what an update must say.
///
/// # Errors
/// `IllegalUpdate` and `InvalidArgument`, naming the member, in the service's order: aliases, origins, behaviors, the
/// rest.
pub fn check_required_on_update(sent: &Members) -> Result<(), ServiceError> {
    first(required_on_update(sent))
}

/// Everything that an update leaves out and must say, in the order of
/// [`check_required_on_update`].
pub fn required_on_update(sent: &Members) -> Vec<Finding> {
    let mut findings = Findings::default();
    let kind = Kind::of(sent);
    let standard = kind == Kind::Standard;
    if standard {
        let refusal = || ServiceError::new(Code::IllegalUpdate, "Aliases are missing for the resource");
        demand(&mut findings, sent, CONFIG, "Aliases", refusal);
    }
    let refusal = || ServiceError::new(Code::IllegalUpdate, "The 'OriginCustomHeaders' field is missing");
    for (place, origin) in origins(sent) {
        demand(&mut findings, origin, &place, "CustomHeaders", refusal);
    }
    if standard {
        let refusal =
            || ServiceError::new(Code::InvalidArgument, "The parameter SmoothStreaming flag is missing.");
        for (place, behavior) in behaviors(sent) {
            demand(&mut findings, behavior, &place, "SmoothStreaming", refusal);
        }
    }
    let refusal = || ServiceError::new(Code::IllegalUpdate, "OriginReadTimeout is required for updates");
    for (place, origin) in origins(sent) {
        if let Some(server) = origin.get("CustomOriginConfig").and_then(Value::as_object) {
            demand(&mut findings, server, &place.member("CustomOriginConfig"), "OriginReadTimeout", refusal);
        }
    }
    let refusal =
        || ServiceError::new(Code::InvalidArgument, "The parameter Field level encryption id is required.");
    for (place, behavior) in behaviors(sent) {
        demand(&mut findings, behavior, &place, "FieldLevelEncryptionId", refusal);
    }
    let refusal = || ServiceError::new(Code::InvalidArgument, "The parameter Header settings is required.");
    for (place, behavior) in behaviors(sent).filter(|(_, behavior)| !has_text(behavior, "CachePolicyId")) {
        if let Some(forwarded) = behavior.get("ForwardedValues").and_then(Value::as_object) {
            demand(&mut findings, forwarded, &place.member("ForwardedValues"), "Headers", refusal);
        }
    }
    let refusal = || {
        ServiceError::new(
            Code::IllegalUpdate,
            "The specified list of custom error responses does not exist or is not valid.",
        )
    };
    demand(&mut findings, sent, CONFIG, "CustomErrorResponses", refusal);
    caching(&mut findings, sent, kind);
    others_on_update(&mut findings, sent, standard);
    findings.into_vec()
}

/// The members of an update for which no text of their own is known.
fn others_on_update(findings: &mut Findings, sent: &Members, standard: bool) {
    let mut require = |members: &Members, place: &Place<'_>, member: &'static str| {
        demand(findings, members, place, member, || ServiceError::required(member));
    };
    for (place, origin) in origins(sent) {
        require(origin, &place, "OriginPath");
        if let Some(server) = origin.get("CustomOriginConfig").and_then(Value::as_object) {
            require(server, &place.member("CustomOriginConfig"), "OriginSslProtocols");
        }
    }
    for (place, behavior) in behaviors(sent) {
        for member in ["AllowedMethods", "Compress", "LambdaFunctionAssociations"] {
            require(behavior, &place, member);
        }
    }
    require(sent, CONFIG, "DefaultRootObject");
    require(sent, CONFIG, "CacheBehaviors");
    require(sent, CONFIG, "Logging");
    if standard {
        require(sent, CONFIG, "PriceClass");
    }
    for member in ["ViewerCertificate", "Restrictions", "WebACLId", "HttpVersion"] {
        require(sent, CONFIG, member);
    }
}

/// Refuses a configuration, of a create or an update, that leaves out what the service does not fill in.
///
/// # Errors
/// `InvalidArgument`, naming the member, and `MalformedXML` for a function on an event that functions do not have.
pub fn check_sent(sent: &Members) -> Result<(), ServiceError> {
    first(self::sent(sent))
}

/// Everything that [`check_sent`] refuses.
pub fn sent(sent: &Members) -> Vec<Finding> {
    let mut findings = Findings::default();
    events_of_functions(&mut findings, sent);
    let kind = Kind::of(sent);
    caching(&mut findings, sent, kind);
    let certificate = sent.get("ViewerCertificate").and_then(Value::as_object);
    if let Some(certificate) = certificate {
        let named = ["ACMCertificateArn", "IAMCertificateId"].iter().any(|name| has_text(certificate, name));
        let default = certificate.get("CloudFrontDefaultCertificate") == Some(&Value::Bool(true));
        if named && !default && !has_text(certificate, "SSLSupportMethod") {
            let place = CONFIG.member("ViewerCertificate");
            findings.refuse(&place, "SSLSupportMethod", ServiceError::required("SSLSupportMethod"));
        }
    }
    findings.into_vec()
}

/// A behavior has a cache policy, or forwarded values with a MinTTL. Multi-tenant distributions have cache policies.
fn caching(findings: &mut Findings, sent: &Members, kind: Kind) {
    let uncached = |behavior: &Members| !has_text(behavior, "CachePolicyId");
    for (place, behavior) in behaviors(sent).filter(|(_, behavior)| uncached(behavior)) {
        let standard = kind == Kind::Standard;
        if standard && behavior.contains_key("ForwardedValues") {
            demand(findings, behavior, &place, "MinTTL", || ServiceError::required("MinTTL"));
        } else {
            let member = if standard { "ForwardedValues" } else { "CachePolicyId" };
            findings.refuse(&place, member, ServiceError::required(member));
        }
    }
}

/// The model has one type of events for all functions. The service does not, and says so as it does of the model's
/// other constraints.
fn events_of_functions(findings: &mut Findings, sent: &Members) {
    for (place, behavior) in behaviors(sent) {
        let path = match place {
            Place::Item(_, _, index) => format!("cacheBehaviors.items.{}.member", index + 1),
            Place::Config | Place::Member(..) => "defaultCacheBehavior".to_owned(),
        };
        for (index, association) in items(behavior, "FunctionAssociations").enumerate() {
            let event = association.get("EventType").and_then(Value::as_str);
            let Some(event @ ("origin-request" | "origin-response")) = event else { continue };
            let text = format!(
                "1 validation error detected: Value '{event}' at \
                 'distributionConfig.{path}.functionAssociations.items.{}.member.eventType' failed to satisfy \
                 constraint: Member must satisfy value set: [viewer-request, viewer-response]",
                index + 1
            );
            let item = place.item("FunctionAssociations", index);
            findings.refuse(&item, "EventType", ServiceError::with(Code::MalformedXML, text));
        }
    }
}

fn demand(
    findings: &mut Findings,
    members: &Members,
    place: &Place<'_>,
    member: &'static str,
    refusal: impl FnOnce() -> ServiceError,
) {
    if !members.contains_key(member) {
        findings.refuse(place, member, refusal());
    }
}

fn origins(sent: &Members) -> impl Iterator<Item = (Place<'static>, &Members)> {
    let places = (0..).map(|index| Place::Item(CONFIG, "Origins", index));
    places.zip(items(sent, "Origins"))
}

/// The default behavior first.
fn behaviors(sent: &Members) -> impl Iterator<Item = (Place<'static>, &Members)> {
    let default = sent.get("DefaultCacheBehavior").and_then(Value::as_object);
    let default = default.map(|behavior| (Place::Member(CONFIG, "DefaultCacheBehavior"), behavior));
    let places = (0..).map(|index| Place::Item(CONFIG, "CacheBehaviors", index));
    default.into_iter().chain(places.zip(items(sent, "CacheBehaviors")))
}

fn items<'m>(members: &'m Members, list: &str) -> impl Iterator<Item = &'m Members> {
    let items = members.get(list).and_then(|list| list.get("Items")).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_object)
}

fn has_text(members: &Members, member: &str) -> bool {
    members.get(member).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}
