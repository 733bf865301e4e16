//! Response headers policies: CreateResponseHeadersPolicy, GetResponseHeadersPolicy, GetResponseHeadersPolicyConfig,
//! UpdateResponseHeadersPolicy, DeleteResponseHeadersPolicy, ListResponseHeadersPolicies and
//! ListDistributionsByResponseHeadersPolicyId.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
use description::ResponseHeadersPolicy;
pub(super) use description::is_managed;

/// The operations of response headers policies.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<ResponseHeadersPolicy>>(),
    Handler::of::<Get<ResponseHeadersPolicy>>(),
    Handler::of::<GetConfig<ResponseHeadersPolicy>>(),
    Handler::of::<Update<ResponseHeadersPolicy>>(),
    Handler::of::<Delete<ResponseHeadersPolicy>>(),
    Handler::of::<List<ResponseHeadersPolicy>>(),
    Handler::of::<ListDistributionIdsBy<ResponseHeadersPolicy>>(),
];
