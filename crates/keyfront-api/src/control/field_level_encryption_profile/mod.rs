//! Profiles of field-level encryption: CreateFieldLevelEncryptionProfile, GetFieldLevelEncryptionProfile,
//! GetFieldLevelEncryptionProfileConfig, UpdateFieldLevelEncryptionProfile, DeleteFieldLevelEncryptionProfile
//! and ListFieldLevelEncryptionProfiles.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::FieldLevelEncryptionProfile;
pub(super) use description::NO_SUCH_PROFILE;

/// The operations of field level encryption profiles.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<FieldLevelEncryptionProfile>>(),
    Handler::of::<Get<FieldLevelEncryptionProfile>>(),
    Handler::of::<GetConfig<FieldLevelEncryptionProfile>>(),
    Handler::of::<Update<FieldLevelEncryptionProfile>>(),
    Handler::of::<Delete<FieldLevelEncryptionProfile>>(),
    Handler::of::<List<FieldLevelEncryptionProfile>>(),
];
