//! CreateConnectionFunction: makes a connection function, in the stage DEVELOPMENT.

use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::function::Stage;
use keyfront_domain::id;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::TagsRecord;
use keyfront_store::resources::{self, NewResource};
use keyfront_store::transact;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{self, Draft, Kept};
use crate::configuration::{TAKEN, TOO_MANY};
use crate::context::{Caller, Context};
use crate::control::tag::Tags;
use crate::operation::{Operation, WholeAccount};

pub(super) struct CreateConnectionFunction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    name: String,
    connection_function_config: Map<String, Value>,
    connection_function_code: String,
    #[serde(default)]
    tags: Tags,
}

impl Operation for CreateConnectionFunction {
    const NAME: &'static str = "CreateConnectionFunction";
    type Subject = WholeAccount;
    type Input = Input;
    type Output = Value;

    fn errors() -> Vec<Code> {
        vec![TAKEN.code(), TOO_MANY.code(), Code::EntitySizeLimitExceeded, Code::InvalidTagging]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Input,
    ) -> Result<Value, ServiceError> {
        let (account, now_ms) = (caller.account(), cx.now_ms());
        let code = input.connection_function_code;
        let draft = Draft::new(cx, account, input.connection_function_config, code).await?;
        let kept = Kept::new(&input.name, &draft, now_ms);
        let new = &NewResource {
            content: kept.content(account)?,
            tags: TagsRecord {
                tags: input.tags.at_creation(Code::InvalidTagging, cx.rules().quotas.tags_per_resource)?,
            },
            version: 1,
            limit: cx.rules().quotas.connection_functions_per_account,
            now_ms,
        };
        let id = id::ksuid("cf_", cx.ids.uuid(), now_ms);
        let arn = &Arn::new(account, ResourceKind::CONNECTION_FUNCTION, id);
        let created = transact(&*cx.engine, |tx| async move { resources::create(&tx, arn, new).await }).await;
        created.map_err(document::refused)?;
        let mut output = kept.described(cx, arn, Stage::Development).await?;
        if let Some(members) = output.as_object_mut() {
            let location =
                format!("https://cloudfront.amazonaws.com/2020-05-31/connection-function/{}", arn.id());
            members.insert("Location".to_owned(), location.into());
        }
        Ok(output)
    }
}
