//! CloudFront Functions.

use aws_sdk_cloudfront::primitives::Blob;
use aws_sdk_cloudfront::types::{
    FunctionConfig as Config, FunctionList, FunctionRuntime, FunctionStage, FunctionSummary,
    KeyValueStoreAssociation, KeyValueStoreAssociations,
};
use keyfront_domain::function::{Runtime, Stage};

use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::timestamp::timestamp;

/// The configuration of a function, which its owner sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionConfig {
    /// What it is for.
    pub comment: String,
    /// The runtime that its code is for.
    pub runtime: Runtime,
    /// The ARN of the key value store that it reads.
    pub store: Option<String>,
}

/// A stage of a function as the control plane describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFunction {
    /// Its name.
    pub name: String,
    /// Its ARN, which both stages share.
    pub arn: String,
    /// `DEVELOPMENT` or `LIVE`.
    pub stage: String,
    /// Such as `UNPUBLISHED`.
    pub status: String,
    /// What its owner sets.
    pub config: FunctionConfig,
    /// When the stage was made, in UTC.
    pub created: String,
    /// When the stage was last written, in UTC.
    pub modified: String,
    /// The version of the stage, where the service tells it: a list and a publication do not.
    pub etag: Option<String>,
}

impl Client {
    /// All functions of the account, in their stage DEVELOPMENT.
    pub async fn functions(&self) -> Result<Vec<StoredFunction>, ClientError> {
        pagination::all(|marker| async {
            let call =
                self.control.list_functions().stage(FunctionStage::Development).set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListFunctions", &error))?;
            let list = answer.function_list;
            let summaries = list.iter().flat_map(FunctionList::items);
            let items = summaries.map(|summary| stored("ListFunctions", Some(summary), None));
            Ok(Page {
                items: items.collect::<Result<_, _>>()?,
                next: list.as_ref().and_then(|list| list.next_marker.clone()),
            })
        })
        .await
    }

    /// A stage of a function.
    pub async fn function(&self, name: &str, stage: Stage) -> Result<StoredFunction, ClientError> {
        let call =
            self.control.describe_function().name(name).stage(FunctionStage::from(stage.as_str())).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("DescribeFunction", &error);
            self.perhaps_no_such_function(error, name, stage)
        })?;
        stored("DescribeFunction", answer.function_summary(), answer.e_tag())
    }

    /// The code of a stage of a function, to the byte.
    pub async fn function_code(&self, name: &str, stage: Stage) -> Result<Vec<u8>, ClientError> {
        let call = self.control.get_function().name(name).stage(FunctionStage::from(stage.as_str())).send();
        let answer = call.await.map_err(|error| {
            let error = self.failed("GetFunction", &error);
            self.perhaps_no_such_function(error, name, stage)
        })?;
        Ok(answer.function_code.map(Blob::into_inner).unwrap_or_default())
    }

    /// Makes a function.
    pub async fn create_function(
        &self,
        name: &str,
        config: &FunctionConfig,
        code: &[u8],
    ) -> Result<StoredFunction, ClientError> {
        let call = self
            .control
            .create_function()
            .name(name)
            .function_config(sent(config)?)
            .function_code(Blob::new(code))
            .send();
        let answer = call.await.map_err(|error| self.failed("CreateFunction", &error))?;
        stored("CreateFunction", answer.function_summary(), answer.e_tag())
    }

    /// Replaces configuration and code of the function that was read as `now`.
    ///
    /// # Errors
    /// Also when another client changed it since.
    pub async fn update_function(
        &self,
        now: &StoredFunction,
        config: &FunctionConfig,
        code: &[u8],
    ) -> Result<StoredFunction, ClientError> {
        let call = self
            .control
            .update_function()
            .name(&now.name)
            .set_if_match(now.etag.clone())
            .function_config(sent(config)?)
            .function_code(Blob::new(code))
            .send();
        let answer = call.await.map_err(|error| self.failed("UpdateFunction", &error))?;
        stored("UpdateFunction", answer.function_summary(), answer.e_tag())
    }

    /// Copies the stage DEVELOPMENT of a function to LIVE.
    pub async fn publish_function(&self, name: &str) -> Result<StoredFunction, ClientError> {
        let now = self.function(name, Stage::Development).await?;
        let call = self.control.publish_function().name(name).set_if_match(now.etag).send();
        let answer = call.await.map_err(|error| self.failed("PublishFunction", &error))?;
        stored("PublishFunction", answer.function_summary(), None)
    }

    /// Deletes both stages of a function.
    pub async fn delete_function(&self, name: &str) -> Result<(), ClientError> {
        let now = self.function(name, Stage::Development).await?;
        let call = self.control.delete_function().name(name).set_if_match(now.etag).send();
        call.await.map_err(|error| self.failed("DeleteFunction", &error))?;
        Ok(())
    }

    fn perhaps_no_such_function(&self, error: ClientError, name: &str, stage: Stage) -> ClientError {
        if error.kind != ErrorKind::NotFound {
            return error;
        }
        let endpoint = &self.endpoint;
        let message = match stage {
            Stage::Development => {
                format!("there is no function {name} at {endpoint}; `keyfront fn list` lists them")
            }
            Stage::Live => format!(
                "there is no published function {name} at {endpoint}; `keyfront fn publish {name}` publishes one"
            ),
        };
        ClientError::new(ErrorKind::NotFound, message)
    }
}

fn sent(config: &FunctionConfig) -> Result<Config, ClientError> {
    let refused = |error: &dyn std::error::Error| ClientError::new(ErrorKind::Refused, error.to_string());
    let associations = match &config.store {
        None => None,
        Some(arn) => {
            let association = KeyValueStoreAssociation::builder().key_value_store_arn(arn).build();
            let association = association.map_err(|error| refused(&error))?;
            let associations = KeyValueStoreAssociations::builder().quantity(1).items(association).build();
            Some(associations.map_err(|error| refused(&error))?)
        }
    };
    Config::builder()
        .comment(&config.comment)
        .runtime(FunctionRuntime::from(config.runtime.as_str()))
        .set_key_value_store_associations(associations)
        .build()
        .map_err(|error| refused(&error))
}

/// The function in an answer.
fn stored(
    operation: &str,
    summary: Option<&FunctionSummary>,
    etag: Option<&str>,
) -> Result<StoredFunction, ClientError> {
    let whole =
        summary.and_then(|summary| Some((summary, summary.function_config()?, summary.function_metadata()?)));
    let Some((summary, config, metadata)) = whole else {
        return Err(ClientError::new(
            ErrorKind::Refused,
            format!("{operation}: the answer has no function in it"),
        ));
    };
    let runtime = config.runtime().as_str();
    let runtime = runtime.parse().map_err(|_unknown| {
        ClientError::new(ErrorKind::Refused, format!("{operation}: the runtime {runtime} is not known here"))
    })?;
    let associations = config.key_value_store_associations();
    let store = associations.and_then(|associations| associations.items().first());
    Ok(StoredFunction {
        name: summary.name().to_owned(),
        arn: metadata.function_arn().to_owned(),
        stage: metadata.stage().map(|stage| stage.as_str().to_owned()).unwrap_or_default(),
        status: summary.status().unwrap_or_default().to_owned(),
        config: FunctionConfig {
            comment: config.comment().to_owned(),
            runtime,
            store: store.map(|store| store.key_value_store_arn().to_owned()),
        },
        created: metadata.created_time().map(timestamp).unwrap_or_default(),
        modified: timestamp(metadata.last_modified_time()),
        etag: etag.map(str::to_owned),
    })
}
