//! Certificates that the service manages for the domains of a tenant.
//!
//! There is no certificate: what is kept is an ARN and when it shows as issued. Like the service's own, it serves a
//! domain only once the tenant's customizations name it.

use keyfront_domain::AccountId;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Content;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::context::Context;

/// Where it is kept among what a tenant's record shows. No shape of the model has a member of this name.
const MEMBER: &str = "ManagedCertificate";

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
    pub(super) fn request(cx: &Context, held: Option<&ResourceRecord>, content: &mut Content) {
        let asked = ["ManagedCertificateRequest", "Domains"];
        if !content.config.contains_key(asked[0]) {
            return;
        }
        let same = |held: &ResourceRecord| {
            asked.iter().all(|member| held.config.get(*member) == content.config.get(*member))
        };
        if held.is_some_and(|held| held.shown.contains_key(MEMBER) && same(held)) {
            return;
        }
        let lasts_ms = i64::try_from(cx.settling.managed_certificate.as_millis()).unwrap_or(i64::MAX);
        let certificate = Certificate { id: cx.ids.uuid(), issued_ms: cx.now_ms().saturating_add(lasts_ms) };
        content.shown.insert(MEMBER.to_owned(), json!(certificate));
    }

    /// The certificate that a tenant asked for, if it did.
    pub(in crate::control) fn of(tenant: &ResourceRecord) -> Option<Certificate> {
        serde_json::from_value(tenant.shown.get(MEMBER)?.clone()).ok()
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
            "CertificateArn": format!("arn:aws:acm:us-east-1:{account}:certificate/{}", self.id),
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
