//! Trust stores: the certificate authorities that viewers' certificates come from.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::trust_store::{CA_CERTIFICATES, TrustStoreConfig};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Content;
use serde_json::json;
use uuid::Uuid;

use super::bundle;
use crate::configuration::{
    IN_USE, KnownAs, Layout, Names, PageForm, Refusals, Resource, States, Summary, Time, entity,
};
use crate::context::Context;
use crate::operation::{Members, text};

/// A trust store.
pub(super) struct TrustStore;

/// The state of a bundle that was not looked at yet.
const PENDING: &str = "pending";

impl Resource for TrustStore {
    const KIND: ResourceKind = ResourceKind::TRUST_STORE;
    const NAMES: Names = Names {
        create: "CreateTrustStore",
        create_with_tags: None,
        get: "GetTrustStore",
        get_config: None,
        update: "UpdateTrustStore",
        delete: "DeleteTrustStore",
        list: "ListTrustStores",
        document: "TrustStore",
        config: None,
        page: "TrustStoreList",
        path: "trust-store",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = entity::refusals(IN_USE, false);
    const UPDATES_IN_PART: bool = true;
    const BAD_TAGS: Code = Code::InvalidTagging;
    const STATES: Option<States> =
        Some(States { changing: PENDING, settled: "active", lasts: |settling| settling.trust_store });
    const KNOWN_AS: KnownAs = KnownAs::IdArnOrName;
    const PAGE_FORM: PageForm = PageForm::Bare;
    type Config = TrustStoreConfig;

    fn id_at(random: Uuid, now_ms: i64) -> String {
        id::ksuid("ts_", random, now_ms)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.trust_stores_per_account
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    /// Every change reads the bundle again.
    async fn supplement(
        _tx: &Transaction<'_>,
        cx: &Context,
        _arn: &Arn,
        _held: Option<&ResourceRecord>,
        config: &Self::Config,
        content: &mut Content,
    ) -> Result<(), ServiceError> {
        let read = bundle::read(cx, config).await;
        if let (Err(_), Some(next)) = (&read, content.state.as_mut().and_then(|state| state.next.as_mut())) {
            "failed".clone_into(&mut next.name);
        }
        let (count, certificates, reason) = match read {
            Ok(certificates) => (certificates.count(), Some(certificates.to_value()), None),
            // Whom viewers are trusted for does not change by a bundle that cannot be read.
            Err(reason) => (0, content.shown.get(CA_CERTIFICATES).cloned(), Some(reason)),
        };
        let certificates = certificates.map(|certificates| (CA_CERTIFICATES.to_owned(), certificates));
        let reason = reason.map(|reason| ("Reason".to_owned(), reason.into()));
        let count = ("NumberOfCaCertificates".to_owned(), count.into());
        content.shown = [Some(count), certificates, reason].into_iter().flatten().collect();
        Ok(())
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }

    /// Until the bundle was looked at, nothing is known of it. The certificates are the edge's.
    fn present(document: &mut Members) {
        document.remove(CA_CERTIFICATES);
        if text(document, "Status") == PENDING {
            document.insert("NumberOfCaCertificates".to_owned(), json!(0));
            document.remove("Reason");
        }
    }

    fn computed(account: AccountId, record: &ResourceRecord) -> Members {
        let arn = Arn::new(account, Self::KIND, record.id.as_str()).to_string();
        Members::from_iter([("Arn".to_owned(), arn.into())])
    }
}
