//! Pure types and rules of CloudFront's keys and stores: no I/O, no async, no clock.
//!
//! What a name may be, what a write does to a store's pairs, what a policy allows, what an import document must
//! look like, which public keys are trusted. Nothing in this crate can reach a network, a disk or the time of day.

mod account;
pub mod anycast_ip_list;
pub mod arn;
mod aws_arn;
mod base36;
pub mod cache_policy;
pub mod caching;
pub mod connection_group;
pub mod continuous_deployment_policy;
mod counted;
pub mod distribution;
pub mod distribution_tenant;
pub mod error_page;
pub mod etag;
pub mod field_level_encryption;
pub mod forwarding;
pub mod function;
pub mod id;
pub mod import;
pub mod key_group;
pub mod name;
pub mod origin_access_control;
pub mod origin_access_identity;
pub mod origin_request_policy;
pub mod pairs;
mod parameters;
pub mod policy;
pub mod public_key;
mod quotas;
pub mod realtime_log_config;
pub mod resource_policy;
pub mod response_headers_policy;
pub mod routing;
mod settling;
pub mod signed_request;
pub mod streaming_distribution;
pub mod trust_store;
pub mod vpc_origin;

pub use account::{AccountId, InvalidAccountId};
pub use counted::{Counted, omit_empty_items};
pub use quotas::Quotas;
pub use settling::Settling;
