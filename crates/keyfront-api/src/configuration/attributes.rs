//! What a description says in data: the names of the model, how a resource looks, what is refused, what it refers to.

use std::time::Duration;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::{AccountId, Settling};
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use serde_json::Value;

use crate::operation::Members;

/// The words of the model.
pub(crate) struct Names {
    /// Operations.
    pub(crate) create: &'static str,
    /// The one that creates with tags, and the member that holds configuration and tags, where they are apart from the
    /// other.
    pub(crate) create_with_tags: Option<(&'static str, &'static str)>,
    pub(crate) get: &'static str,
    /// Not every kind shows its configuration alone.
    pub(crate) get_config: Option<&'static str>,
    pub(crate) update: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) list: &'static str,
    /// The member that holds the resource, such as `PublicKey`.
    pub(crate) document: &'static str,
    /// The member that holds its configuration, such as `PublicKeyConfig`; nothing where the members of the
    /// configuration stand among those of the resource and of the request.
    pub(crate) config: Option<&'static str>,
    /// The member that holds a page of them, such as `PublicKeyList`.
    pub(crate) page: &'static str,
    /// What its path begins with, such as `public-key`.
    pub(crate) path: &'static str,
}

/// What a request can name a resource by that shows it.
#[derive(Clone, Copy)]
pub(crate) enum KnownAs {
    /// Its id.
    Id,
    /// Its id, its ARN or its name, in the member `Identifier`. What changes it has its id in
    /// [`ID_MEMBER`](super::Resource::ID_MEMBER).
    IdArnOrName,
}

/// How a page looks.
#[derive(Clone, Copy)]
pub(crate) enum PageForm {
    /// A structure that repeats the marker and counts its items.
    Counted,
    /// The items alone, with `NextMarker` beside them.
    Bare,
}

/// How a resource is shown.
pub(crate) struct Layout {
    /// Its times, where it shows any.
    pub(crate) times: &'static [Time],
    /// How an item of a page looks.
    pub(crate) summary: Summary,
}

/// A time that a resource shows.
#[derive(Clone, Copy)]
pub(crate) enum Time {
    /// `CreatedTime`.
    Created,
    /// `LastModifiedTime`.
    LastModified,
}

/// How an item of a page looks.
pub(crate) enum Summary {
    /// Id, times and computed members beside those of the configuration. The model's shape of the item decides which
    /// of them it has.
    Flat,
    /// The whole resource, under its own name.
    Whole,
    /// The same, with the `Type` that tells `managed` from `custom`.
    WholeWithType,
    /// What this makes of a record, at a moment in milliseconds since the epoch.
    Own(fn(AccountId, ResourceRecord, i64) -> Value),
}

/// What is refused, each with the code and the text of the service.
pub(crate) struct Refusals {
    /// The id is unknown.
    pub(crate) absent: ServiceError,
    /// The name is another's, where names are unique.
    pub(crate) name_taken: Option<NameTaken>,
    /// The caller reference was used, where there are any.
    pub(crate) caller_reference_used: Option<ServiceError>,
    /// The account has as many as it may have.
    pub(crate) too_many: ServiceError,
    /// Something refers to it.
    pub(crate) in_use: ServiceError,
}

/// The refusal of a name that another resource has.
pub(crate) struct NameTaken {
    pub(crate) refusal: ServiceError,
    /// Whether an update can change the name.
    pub(crate) on_update: bool,
}

/// A kind of resource that another refers to.
pub(crate) struct Target {
    pub(crate) kind: ResourceKind,
    /// The refusal of an id that no such resource has, in the words of the resource that refers to it.
    pub(crate) absent: ServiceError,
    /// Refuses one that exists and is of no use, by its configuration.
    pub(crate) check: fn(&Members) -> Result<(), ServiceError>,
    /// Whether an id is of one that every account has.
    pub(crate) built_in: fn(&str) -> bool,
}

/// The states that a resource goes through after a change.
pub(crate) struct States {
    /// Until the change has settled, such as `InProgress`.
    pub(crate) changing: &'static str,
    /// From then on, such as `Deployed`.
    pub(crate) settled: &'static str,
    /// How long that takes.
    pub(crate) lasts: fn(&Settling) -> Duration,
}
