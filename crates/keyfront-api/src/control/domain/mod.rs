//! Domains of distributions and tenants: ListDomainConflicts, UpdateDomainAssociation, VerifyDnsConfiguration and
//! GetManagedCertificateDetails.

mod get_managed_certificate_details;
mod list_domain_conflicts;
mod resource;
mod update_domain_association;
mod verify_dns_configuration;

use crate::operation::Handler;

/// The operations of domains.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<get_managed_certificate_details::GetManagedCertificateDetails>(),
    Handler::of::<list_domain_conflicts::ListDomainConflicts>(),
    Handler::of::<update_domain_association::UpdateDomainAssociation>(),
    Handler::of::<verify_dns_configuration::VerifyDnsConfiguration>(),
];
