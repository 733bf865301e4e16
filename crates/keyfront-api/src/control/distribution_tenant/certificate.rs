//! The certificates of tenants: those that the service manages, and which domains the one that serves them covers.
//!
//! A managed certificate is not made: its ARN is kept, and when it shows as issued. Like the service's own, it serves
//! a domain only once the tenant's customizations name it. It covers the domains that it was asked for.
//!
//! Coverage is judged when a tenant is shown, because it follows from the tenant and from its distribution: a distribution
//! that gets another certificate changes what all its tenants show.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution;
use keyfront_domain::distribution_tenant::DistributionTenantConfig;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::{self, Content};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::configuration;
use crate::context::Context;
use crate::control::distribution::Distribution;
use crate::operation::Members;

/// Where it is kept among what a tenant's record shows. No shape of the model has a member of this name.
const MEMBER: &str = "ManagedCertificate";

/// Where the domains stand, likewise, that the certificate which serves them does not cover. They are not stored.
const UNCOVERED: &str = "UncoveredDomains";

/// Refuses a certificate of a tenant's own that is not there, unless the tenant has it already. The model has one code
/// for it.
pub(super) fn check(
    cx: &Context,
    account: AccountId,
    held: Option<&ResourceRecord>,
    config: &DistributionTenantConfig,
) -> Result<(), ServiceError> {
    let Some(arn) = config.certificate_arn() else { return Ok(()) };
    let managed = held.map(Certificate::of).transpose()?.flatten();
    if managed.is_some_and(|managed| managed.arn(account) == arn) {
        return Ok(());
    }
    let before = |held: &ResourceRecord| {
        held.config.get("Customizations")?.get("Certificate")?.get("Arn")?.as_str().map(str::to_owned)
    };
    if held.and_then(before).is_some_and(|before| before == arn) {
        return Ok(());
    }
    cx.rules()
        .certificates
        .check_known(arn)
        .map_err(|unknown| ServiceError::with(Code::InvalidArgument, unknown.message().to_owned()))
}

/// Adds to what a tenant shows which of its domains the certificate that serves it does not cover: its own, or its
/// distribution's. A distribution without a certificate serves all of them.
pub(super) async fn with_coverage(
    cx: &Context,
    account: AccountId,
    mut tenant: ResourceRecord,
) -> Result<ResourceRecord, ServiceError> {
    // Earlier versions kept it, as it was when the tenant changed.
    tenant.shown.remove(UNCOVERED);
    // Nothing else is known of certificates that were not declared.
    let rules = cx.rules();
    if rules.certificates.dns_names.is_empty() {
        return Ok(tenant);
    }
    let config = Value::Object(tenant.config.clone());
    let config: DistributionTenantConfig = serde_json::from_value(config).map_err(ServiceError::internal)?;
    let certificate = match config.certificate_arn() {
        Some(own) => Some(own.to_owned()),
        None => of_distribution(cx, account, &config.distribution_id).await?,
    };
    let Some(certificate) = certificate else { return Ok(tenant) };
    let names = config.domain_names();
    let uncovered: Vec<_> =
        names.iter().filter(|name| !rules.certificates.covers(&certificate, name)).collect();
    if !uncovered.is_empty() {
        tenant.shown.insert(UNCOVERED.to_owned(), json!(uncovered));
    }
    Ok(tenant)
}

/// The certificate of a distribution, by its ARN of ACM or id of IAM.
async fn of_distribution(cx: &Context, account: AccountId, id: &str) -> Result<Option<String>, ServiceError> {
    let arn = Arn::new(account, ResourceKind::DISTRIBUTION, id);
    let found = resources::find(&*cx.engine, &arn).await.map_err(ServiceError::internal)?;
    let Some(distribution) = found else { return Ok(None) };
    let distribution = configuration::view::<Distribution>(&distribution.config)?;
    Ok(match distribution.certificate() {
        distribution::Certificate::Acm(id) | distribution::Certificate::Iam(id) => Some(id.to_owned()),
        distribution::Certificate::Default => None,
    })
}

/// The domains of a tenant that its certificate does not cover, from what is shown of it.
pub(super) fn uncovered(shown: &Members) -> Vec<String> {
    let names = shown.get(UNCOVERED).and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A certificate that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::control) struct Certificate {
    /// Its id in ACM.
    id: Uuid,
    /// When it is issued, in milliseconds since the epoch.
    issued_ms: i64,
}

impl Certificate {
    /// Asks for a certificate where the content of a tenant does, unless the tenant as it is held asked for the same.
    pub(super) fn request(
        cx: &Context,
        held: Option<&ResourceRecord>,
        content: &mut Content,
    ) -> Result<(), ServiceError> {
        let asked = ["ManagedCertificateRequest", "Domains"];
        if !content.config.contains_key(asked[0]) {
            return Ok(());
        }
        let same = |held: &ResourceRecord| {
            asked.iter().all(|member| held.config.get(*member) == content.config.get(*member))
        };
        if held.is_some_and(|held| held.shown.contains_key(MEMBER) && same(held)) {
            return Ok(());
        }
        let lasts_ms = i64::try_from(cx.rules().settling.managed_certificate.as_millis()).unwrap_or(i64::MAX);
        let certificate = Certificate { id: cx.ids.uuid(), issued_ms: cx.now_ms().saturating_add(lasts_ms) };
        let certificate = serde_json::to_value(certificate).map_err(ServiceError::internal)?;
        content.shown.insert(MEMBER.to_owned(), certificate);
        Ok(())
    }

    /// The certificate that a tenant asked for, if it did.
    pub(in crate::control) fn of(tenant: &ResourceRecord) -> Result<Option<Certificate>, ServiceError> {
        Certificate::shown(&tenant.shown)
    }

    fn shown(shown: &Members) -> Result<Option<Certificate>, ServiceError> {
        let certificate = shown.get(MEMBER).cloned().map(serde_json::from_value);
        certificate.transpose().map_err(ServiceError::internal)
    }

    /// Its ARN, in the account of its tenant.
    fn arn(&self, account: AccountId) -> String {
        format!("arn:aws:acm:us-east-1:{account}:certificate/{}", self.id)
    }

    /// `ManagedCertificateDetails` for a tenant at a moment, in milliseconds since the epoch.
    pub(in crate::control) fn details(
        &self,
        account: AccountId,
        tenant: &ResourceRecord,
        now_ms: i64,
    ) -> Value {
        let request = tenant.config.get("ManagedCertificateRequest");
        let status = if now_ms >= self.issued_ms { "issued" } else { "pending-validation" };
        let domains = tenant.config.get("Domains").and_then(Value::as_array).into_iter().flatten();
        let domains = domains.filter_map(|domain| domain.get("Domain").and_then(Value::as_str));
        let tokens: Vec<_> =
            domains.zip(0..).map(|(domain, place)| self.token(account, domain, place)).collect();
        json!({
            "CertificateArn": self.arn(account),
            "CertificateStatus": status,
            "ValidationTokenHost": request.and_then(|request| request.get("ValidationTokenHost")),
            "ValidationTokenDetails": tokens,
        })
    }

    /// Where the token for a domain is asked for, and where it is.
    fn token(&self, account: AccountId, domain: &str, place: u128) -> Value {
        let file = Uuid::from_u128(self.id.as_u128().wrapping_add(place)).simple();
        let path = format!(".well-known/pki-validation/{file}.txt");
        json!({
            "Domain": domain,
            "RedirectTo": format!("validation.us-east-1.acm-validations.aws/{account}/{path}"),
            "RedirectFrom": format!("{domain}/{path}"),
        })
    }
}
