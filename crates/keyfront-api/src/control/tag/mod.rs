//! Tags of any resource that has an ARN and can have them.

mod document;
mod list_tags_for_resource;
mod tag_resource;
mod untag_resource;

use crate::operation::Handler;
pub(crate) use document::Tags;

/// The operations of tags.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<list_tags_for_resource::ListTagsForResource>(),
    Handler::of::<tag_resource::TagResource>(),
    Handler::of::<untag_resource::UntagResource>(),
];
