//! Distribution tenants: CreateDistributionTenant, GetDistributionTenant, GetDistributionTenantByDomain,
//! UpdateDistributionTenant, DeleteDistributionTenant, ListDistributionTenants, ListDistributionTenantsByCustomization,
//! AssociateDistributionTenantWebACL and DisassociateDistributionTenantWebACL, and the three operations on the
//! invalidations of a tenant.

mod certificate;
mod description;
mod invalidation;
mod list_by_customization;
mod web_acl;

use crate::configuration::{Create, Delete, Get, GetByDomainName, List, Update};
use crate::operation::Handler;
pub(in crate::control) use certificate::Certificate;
pub(in crate::control) use description::DistributionTenant;

/// The operations of distribution tenants.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<DistributionTenant>>(),
    Handler::of::<Get<DistributionTenant>>(),
    Handler::of::<GetByDomainName<DistributionTenant>>(),
    Handler::of::<Update<DistributionTenant>>(),
    Handler::of::<Delete<DistributionTenant>>(),
    Handler::of::<List<DistributionTenant>>(),
    Handler::of::<list_by_customization::ListDistributionTenantsByCustomization>(),
    Handler::of::<web_acl::AssociateDistributionTenantWebACL>(),
    Handler::of::<web_acl::DisassociateDistributionTenantWebACL>(),
    Handler::of::<invalidation::CreateInvalidationForDistributionTenant>(),
    Handler::of::<invalidation::GetInvalidationForDistributionTenant>(),
    Handler::of::<invalidation::ListInvalidationsForDistributionTenant>(),
];
