//! Streaming distributions: CreateStreamingDistribution, CreateStreamingDistributionWithTags, GetStreamingDistribution,
//! GetStreamingDistributionConfig, UpdateStreamingDistribution, DeleteStreamingDistribution and
//! ListStreamingDistributions.

mod description;

use crate::configuration::{Create, CreateWithTags, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::StreamingDistribution;

/// The operations of streaming distributions.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<StreamingDistribution>>(),
    Handler::of::<CreateWithTags<StreamingDistribution>>(),
    Handler::of::<Get<StreamingDistribution>>(),
    Handler::of::<GetConfig<StreamingDistribution>>(),
    Handler::of::<Update<StreamingDistribution>>(),
    Handler::of::<Delete<StreamingDistribution>>(),
    Handler::of::<List<StreamingDistribution>>(),
];
