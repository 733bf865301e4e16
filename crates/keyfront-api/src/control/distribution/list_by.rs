//! Lists of the distributions that use something, with the summary of each.

use std::marker::PhantomData;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::resources;

use super::Distribution;
use super::document::is_multi_tenant;
use crate::configuration::{self, Filter, NOT_FOUND};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount, text};

/// What distributions are listed by.
pub(in crate::control) trait Condition: 'static {
    /// The operation.
    const OPERATION: &'static str;
    /// The codes that the condition refuses with, beside the common ones.
    const ERRORS: &'static [Code] = &[];

    /// Which distributions a request asks for.
    fn filter(
        cx: &Context,
        account: AccountId,
        input: &Members,
    ) -> impl Future<Output = Result<Filter, ServiceError>> + Send;
}

/// The operation that lists by a condition.
pub(super) struct ListDistributionsBy<C>(PhantomData<C>);

impl<C: Condition> Operation for ListDistributionsBy<C> {
    const NAME: &'static str = C::OPERATION;
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        C::ERRORS.to_vec()
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let filter = C::filter(cx, caller.account(), &input).await?;
        let page = configuration::page::<Distribution>(cx, caller.account(), &input, filter).await?;
        Ok(Members::from_iter([("DistributionList".to_owned(), page.into_value())]))
    }
}

/// `direct` or `tenant-only`.
pub(super) struct ConnectionMode;

impl Condition for ConnectionMode {
    const OPERATION: &'static str = "ListDistributionsByConnectionMode";

    async fn filter(_cx: &Context, _account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        let tenant_only = text(input, "ConnectionMode") == "tenant-only";
        Ok(Box::new(move |record| is_multi_tenant(record) == tenant_only))
    }
}

/// The web ACL's id or ARN; `null` for the distributions without one.
pub(super) struct WebACLId;

impl Condition for WebACLId {
    const OPERATION: &'static str = "ListDistributionsByWebACLId";

    async fn filter(_cx: &Context, _account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        let wanted = match text(input, "WebACLId") {
            "null" => String::new(),
            id => id.to_owned(),
        };
        Ok(Box::new(move |record| text(&record.config, "WebACLId") == wanted))
    }
}

/// The name or the ARN of a real-time log configuration.
pub(super) struct RealtimeLogConfig;

impl Condition for RealtimeLogConfig {
    const OPERATION: &'static str = "ListDistributionsByRealtimeLogConfig";

    async fn filter(_cx: &Context, account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        let (name, arn) = (text(input, "RealtimeLogConfigName"), text(input, "RealtimeLogConfigArn"));
        let arn = match (name, arn) {
            ("", "") => {
                return Err(ServiceError::new(
                    Code::InvalidArgument,
                    "Either RealtimeLogConfigName or RealtimeLogConfigArn must be given.",
                ));
            }
            (name, "") => Some(Arn::new(account, ResourceKind::REALTIME_LOG_CONFIG, name)),
            (_, arn) => arn.parse().ok(),
        };
        Ok(Box::new(move |record| arn.as_ref().is_some_and(|arn| record.references.contains(arn))))
    }
}

/// The id of a list of Anycast addresses.
pub(super) struct AnycastIpListId;

impl Condition for AnycastIpListId {
    const OPERATION: &'static str = "ListDistributionsByAnycastIpListId";
    const ERRORS: &'static [Code] = &[Code::EntityNotFound];

    async fn filter(cx: &Context, account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        referring(cx, Arn::new(account, ResourceKind::ANYCAST_IP_LIST, text(input, "AnycastIpListId"))).await
    }
}

/// The id, the name or the ARN of a trust store.
pub(super) struct TrustStore;

impl Condition for TrustStore {
    const OPERATION: &'static str = "ListDistributionsByTrustStore";
    const ERRORS: &'static [Code] = &[Code::EntityNotFound];

    async fn filter(cx: &Context, account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        let identifier = text(input, "TrustStoreIdentifier");
        referring_to_identified(cx, account, ResourceKind::TRUST_STORE, identifier).await
    }
}

/// The id, the name or the ARN of a connection function.
pub(super) struct ConnectionFunction;

impl Condition for ConnectionFunction {
    const OPERATION: &'static str = "ListDistributionsByConnectionFunction";
    const ERRORS: &'static [Code] = &[Code::EntityNotFound];

    async fn filter(cx: &Context, account: AccountId, input: &Members) -> Result<Filter, ServiceError> {
        let identifier = text(input, "ConnectionFunctionIdentifier");
        referring_to_identified(cx, account, ResourceKind::CONNECTION_FUNCTION, identifier).await
    }
}

/// The distributions that refer to the resource of a kind that an id, a name or an ARN names.
async fn referring_to_identified(
    cx: &Context,
    account: AccountId,
    kind: ResourceKind,
    identifier: &str,
) -> Result<Filter, ServiceError> {
    let target = configuration::identified(cx, account, kind, identifier).await?;
    if target.account != account {
        return Err(NOT_FOUND);
    }
    referring(cx, target).await
}

/// The distributions that refer to a resource, which must be there.
async fn referring(cx: &Context, target: Arn) -> Result<Filter, ServiceError> {
    resources::find(&*cx.engine, &target).await?.ok_or(NOT_FOUND)?;
    Ok(Box::new(move |record| record.references.contains(&target)))
}
