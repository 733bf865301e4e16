//! Configurations of field-level encryption: CreateFieldLevelEncryptionConfig, GetFieldLevelEncryption,
//! GetFieldLevelEncryptionConfig, UpdateFieldLevelEncryptionConfig, DeleteFieldLevelEncryptionConfig and
//! ListFieldLevelEncryptionConfigs.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::FieldLevelEncryption;

/// The operations of field level encryption configs.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<FieldLevelEncryption>>(),
    Handler::of::<Get<FieldLevelEncryption>>(),
    Handler::of::<GetConfig<FieldLevelEncryption>>(),
    Handler::of::<Update<FieldLevelEncryption>>(),
    Handler::of::<Delete<FieldLevelEncryption>>(),
    Handler::of::<List<FieldLevelEncryption>>(),
];
