//! Continuous deployment policies: CreateContinuousDeploymentPolicy, GetContinuousDeploymentPolicy,
//! GetContinuousDeploymentPolicyConfig, UpdateContinuousDeploymentPolicy, DeleteContinuousDeploymentPolicy and
//! ListContinuousDeploymentPolicies.

mod description;
mod disable;
mod staging;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::ContinuousDeploymentPolicy;
pub(super) use disable::disable;

/// The operations of continuous deployment policies.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<ContinuousDeploymentPolicy>>(),
    Handler::of::<Get<ContinuousDeploymentPolicy>>(),
    Handler::of::<GetConfig<ContinuousDeploymentPolicy>>(),
    Handler::of::<Update<ContinuousDeploymentPolicy>>(),
    Handler::of::<Delete<ContinuousDeploymentPolicy>>(),
    Handler::of::<List<ContinuousDeploymentPolicy>>(),
];
