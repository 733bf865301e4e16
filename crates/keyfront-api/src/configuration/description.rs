//! The description of a kind of configuration resource: names, looks, refusals and rules.
//!
//! Most of it is data, of the types in `attributes`. The rest are pure functions over a configuration, whose rules stand
//! in the domain; the defaults fit a resource that has nothing of the kind.

use std::collections::BTreeSet;

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::{AccountId, Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::Transaction;
use keyfront_store::records::ResourceRecord;
use keyfront_store::resources::Content;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::attributes::{KnownAs, Layout, Names, PageForm, Refusals, States, Target};
use crate::context::Context;
use crate::operation::Members;

/// Which items of a list are asked for.
pub(crate) type Filter = Box<dyn Fn(&ResourceRecord) -> bool + Send + Sync>;

/// The description of a kind of resource, and the rules of its documents.
pub(crate) trait Resource: Send + Sync + Sized + 'static {
    /// What it is called in ARNs.
    const KIND: ResourceKind;
    /// What it is called in the model.
    const NAMES: Names;
    /// How it is shown.
    const LAYOUT: Layout;
    /// Whether IAM knows it as a type of resource, so that a policy can name one.
    const HAS_POLICY_ARN: bool;
    /// The version that the ETag of a new one tells. The service counts some kinds from 0 and some from 1.
    const FIRST_VERSION: u64;
    /// What is refused, and how.
    const REFUSALS: Refusals;
    /// What it can refer to.
    const TARGETS: &'static [Target] = &[];
    /// The member of a request that names one.
    const ID_MEMBER: &'static str = "Id";
    /// What a request can name one by that shows it.
    const KNOWN_AS: KnownAs = KnownAs::Id;
    /// The operation that shows the one that answers for a domain name, and the member that holds the name.
    const GET_BY_DOMAIN_NAME: Option<(&'static str, &'static str)> = None;
    /// How a page of them looks.
    const PAGE_FORM: PageForm = PageForm::Counted;
    /// Whether a request with a caller reference that was used, and with the configuration that it was used with, is
    /// answered with the resource that it made.
    const REPLAYS_CALLER_REFERENCE: bool = false;
    /// Whether an update names what changes, and the rest stays. Most replace the configuration as a whole.
    const UPDATES_IN_PART: bool = false;
    /// The states that it goes through after a change, where its kind has any.
    const STATES: Option<States> = None;
    /// Whether the end of a change is a version of its own, so that the ETag of the answer to the change is stale then.
    const SETTLING_COUNTS: bool = false;
    /// Whether a request to change one is judged by itself before the resource is looked for: an `If-Match` that no version
    /// has, and a configuration that none can have.
    const JUDGED_FIRST: bool = false;
    /// The code for tags that a new one cannot have: `InvalidTagging` where the creating operation declares it.
    const BAD_TAGS: Code = Code::InvalidArgument;
    /// Whether the answer to its deletion shows it.
    const DELETE_SHOWS: bool = false;
    /// Codes of [`check_sent`](Resource::check_sent), [`check`](Resource::check),
    /// [`check_stored`](Resource::check_stored) and of the checks of targets, beside the common ones.
    const RULES: &'static [Code] = &[];
    /// Codes of [`check_stored`](Resource::check_stored) and of names that others have, where they stand apart from
    /// [`RULES`](Resource::RULES).
    const STORED_RULES: &'static [Code] = &[];
    /// Those of [`RULES`](Resource::RULES) that only creation has.
    const CREATE_RULES: &'static [Code] = &[];
    /// Codes of [`check_change`](Resource::check_change) and [`check_sent_change`](Resource::check_sent_change), beside
    /// the common ones.
    const CHANGE_RULES: &'static [Code] = &[];
    /// Codes of [`check_delete`](Resource::check_delete) and [`check_delete_stored`](Resource::check_delete_stored),
    /// beside the common ones.
    const DELETE_RULES: &'static [Code] = &[];
    /// Its configuration as its rules see it. What is stored and shown is what the client sent, completed.
    type Config: DeserializeOwned + Send + Sync;

    /// Whether an operation of the kind declares a code of the rules. What it does not declare it says of an argument.
    fn declares(_operation: &str, _code: Code) -> bool {
        true
    }

    /// The resource that a new one becomes a part of, by a request: a policy can name it, where the new one has no ARN
    /// yet.
    fn parent(_account: AccountId, _input: &Members) -> Option<Arn> {
        None
    }

    /// A fresh id, in the form of this kind.
    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    /// A fresh id, where it tells when it was made, in milliseconds since the epoch.
    fn id_at(random: Uuid, _now_ms: i64) -> String {
        Self::id(random)
    }

    /// How many an account may have; managed ones do not count.
    fn quota(quotas: &Quotas) -> u64;

    /// Those that every account has, in the order of lists. No account can change them.
    fn managed() -> &'static [ResourceRecord] {
        &[]
    }

    /// Refuses a configuration by what was sent, before anything is added.
    fn check_sent(_sent: &Members) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Refuses a change by what was sent, before anything is added.
    fn check_sent_change(_sent: &Members) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Adds what the service adds to a configuration that leaves it out.
    fn complete(_config: &mut Members) {}

    /// Refuses an id that none can have.
    fn check_id(_id: &str) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Refuses a configuration that cannot be.
    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError>;

    /// The same, for rules that need the account.
    fn check_for(_account: AccountId, _config: &Self::Config) -> Result<(), ServiceError> {
        Ok(())
    }

    /// The same, for rules that need more of the server's settings than the quotas.
    fn check_here(_config: &Self::Config, _cx: &Context) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Refuses what a new one cannot be and an old one can.
    fn check_new(_config: &Self::Config) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Refuses a change of what cannot change.
    fn check_change(_before: &Self::Config, _after: &Self::Config) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Refuses a change of a completed configuration into another one, by what the store holds.
    fn check_changed(
        _tx: &Transaction<'_>,
        _arn: &Arn,
        _before: &Members,
        _after: &Members,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// Whether an update that changes nothing leaves the resource as it is, by what the store holds. Most make a new version.
    fn stays(_tx: &Transaction<'_>, _arn: &Arn) -> impl Future<Output = Result<bool, ServiceError>> + Send {
        async { Ok(false) }
    }

    /// Refuses what cannot be beside what the store holds, the resource before the change (`held`) included. What it
    /// refers to is there.
    fn check_stored(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _held: Option<&ResourceRecord>,
        _config: &Self::Config,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// Adds to what is to be stored what follows from the store, such as a resource that it is in by default, or from
    /// what has to be asked elsewhere.
    fn supplement(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _held: Option<&ResourceRecord>,
        _config: &Self::Config,
        _content: &mut Content,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// Refuses to delete a resource beside what the store holds.
    fn check_delete_stored(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _held: &ResourceRecord,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// Refuses to delete a resource in this state. That nothing may refer to it is not asked here.
    fn check_delete(_config: &Self::Config) -> Result<(), ServiceError> {
        Ok(())
    }

    /// The name that no other resource of the kind and account may have.
    fn name(_config: &Self::Config) -> Option<&str> {
        None
    }

    /// The reference that no other request for one may carry.
    fn caller_reference(_config: &Self::Config) -> Option<&str> {
        None
    }

    /// What it refers to, by kind and id. Every kind is in [`TARGETS`](Resource::TARGETS).
    fn references(_config: &Self::Config) -> BTreeSet<(ResourceKind, &str)> {
        BTreeSet::new()
    }

    /// What a new one shows that was not sent and never changes, such as a domain name.
    fn generated(_config: &Self::Config, _random: &mut dyn FnMut() -> Uuid) -> Members {
        Members::new()
    }

    /// The domain names that it answers for; `generated` is what was generated when it was made.
    fn domain_names(_config: &Self::Config, _generated: &Members) -> BTreeSet<String> {
        BTreeSet::new()
    }

    /// How a caller reference is refused with which an earlier resource was made.
    fn caller_reference_used(refusal: ServiceError, _earlier: &Arn) -> ServiceError {
        refusal
    }

    /// What else is written when one was created.
    fn created(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _record: &ResourceRecord,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// What else is written when one was changed by its updating operation.
    fn changed(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _before: &ResourceRecord,
        _after: &ResourceRecord,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// What else is written when one is about to be deleted. That nothing may refer to it is asked afterwards.
    fn before_deletion(
        _tx: &Transaction<'_>,
        _cx: &Context,
        _arn: &Arn,
        _held: &ResourceRecord,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send {
        async { Ok(()) }
    }

    /// Which items the request of a list asks for, beside `Type`.
    fn filter(_input: &Members) -> Result<Filter, ServiceError> {
        Ok(Box::new(|_record| true))
    }

    /// A record as it is shown, by itself and in lists, where that follows from other records.
    fn as_shown(
        _cx: &Context,
        _account: AccountId,
        record: ResourceRecord,
    ) -> impl Future<Output = Result<ResourceRecord, ServiceError>> + Send {
        async { Ok(record) }
    }

    /// The members of the whole resource that follow from other records.
    fn related(
        _cx: &Context,
        _arn: &Arn,
        _record: &ResourceRecord,
    ) -> impl Future<Output = Result<Members, ServiceError>> + Send {
        async { Ok(Members::new()) }
    }

    /// Changes how a resource is shown, by itself and in lists, where that is not what is stored.
    fn present(_document: &mut Members) {}

    /// The members that are shown beside id, times, state and configuration and follow from the record, such as an ARN.
    fn computed(_account: AccountId, _record: &ResourceRecord) -> Members {
        Members::new()
    }
}
