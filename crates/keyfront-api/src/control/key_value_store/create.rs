//! CreateKeyValueStore: makes a key value store, empty or to be filled from an S3 object.

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::{ImportRecord, Status, TagsRecord};
use keyfront_store::stores::{self, NewKeyValueStore};
use serde::{Deserialize, Serialize};

use super::document::{KeyValueStore, refused};
use super::subject::NewStore;
use crate::context::{Caller, Context};
use crate::control::tag::Tags;
use crate::error;
use crate::faults::OperationName;
use crate::import::ObjectAddress;
use crate::operation::Operation;

pub(super) struct CreateKeyValueStore;

/// Its name among the operations of both planes.
const NAME: OperationName =
    OperationName { service: "cloudfront", operation: <CreateKeyValueStore as Operation>::NAME };

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    comment: Option<String>,
    import_source: Option<ImportSource>,
    #[serde(default)]
    tags: Tags,
}

#[derive(Deserialize)]
struct ImportSource {
    #[serde(rename = "SourceType")]
    source_type: String,
    #[serde(rename = "SourceARN")]
    source_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    key_value_store: KeyValueStore,
    #[serde(rename = "ETag")]
    etag: String,
    location: String,
}

impl Operation for CreateKeyValueStore {
    const NAME: &'static str = "CreateKeyValueStore";
    const SETTLES: bool = true;
    type Subject = NewStore;
    type Input = Input;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::EntityAlreadyExists, Code::EntityLimitExceeded]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _new: NewStore,
        input: Input,
    ) -> Result<Output, ServiceError> {
        let import = input.import_source.map(import_record).transpose()?;
        let tags = input.tags.at_creation(Code::InvalidArgument, cx.rules().quotas.tags_per_resource)?;
        let arn = KeyValueStoreArn { account: caller.account(), id: cx.ids.uuid() };
        let holding = cx.faults.hold(NAME, Arn::from(arn));
        let new = NewKeyValueStore {
            account: arn.account,
            id: arn.id,
            name: input.name,
            comment: input.comment,
            tags: TagsRecord { tags },
            import,
            held: holding.holds(),
            now_ms: cx.now_ms(),
        };
        let created = stores::create(&*cx.engine, &new, cx.rules().quotas.key_value_stores_per_account).await;
        let record = created.map_err(|abort| error::aborted(abort, |why| refused(&why)))?;
        holding.met();
        if record.status == Status::Provisioning {
            cx.imports.announce(arn);
        }
        let etag = keyfront_domain::etag::control_plane(record.version);
        let store = KeyValueStore::just_created(arn.account, record);
        let location = format!("https://cloudfront.amazonaws.com/2020-05-31/key-value-store/{}", store.arn());
        Ok(Output { key_value_store: store, etag, location })
    }
}

fn import_record(source: ImportSource) -> Result<ImportRecord, ServiceError> {
    if ObjectAddress::parse(&source.source_arn).is_none() {
        return Err(ServiceError::new(
            Code::InvalidArgument,
            "The parameter ImportSource SourceARN is not valid. It must have the form arn:aws:s3:::bucket/key.",
        ));
    }
    Ok(ImportRecord { source_type: source.source_type, source_arn: source.source_arn })
}
