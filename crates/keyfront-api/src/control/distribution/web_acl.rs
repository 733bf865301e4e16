//! AssociateDistributionWebACL and DisassociateDistributionWebACL: change the web ACL of a distribution and nothing else.

use keyfront_domain::arn::Arn;
use keyfront_domain::etag;
use keyfront_error::{Code, ServiceError};
use keyfront_store::transact;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Distribution;
use crate::configuration::{self, NOT_FOUND, Named};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation};

/// What both refuse with.
const DECLARED: [Code; 2] = [Code::EntityNotFound, Code::PreconditionFailed];

pub(super) struct AssociateDistributionWebACL;

pub(super) struct DisassociateDistributionWebACL;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Association {
    #[serde(rename = "WebACLArn")]
    web_acl_arn: String,
    if_match: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Disassociation {
    if_match: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    id: String,
    #[serde(rename = "WebACLArn", skip_serializing_if = "Option::is_none")]
    web_acl_arn: Option<String>,
    #[serde(rename = "ETag")]
    etag: String,
}

impl Operation for AssociateDistributionWebACL {
    const NAME: &'static str = "AssociateDistributionWebACL";
    const SETTLES: bool = true;
    type Subject = Named<Distribution>;
    type Input = Association;
    type Output = Output;

    fn errors() -> Vec<Code> {
        DECLARED.to_vec()
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<Distribution>,
        input: Association,
    ) -> Result<Output, ServiceError> {
        if !is_web_acl(&input.web_acl_arn) {
            return Err(ServiceError::invalid("WebACLArn"));
        }
        let etag = set(cx, Self::NAME, named.named(), input.if_match.as_deref(), &input.web_acl_arn).await?;
        Ok(Output { id: named.named().id().to_owned(), web_acl_arn: Some(input.web_acl_arn), etag })
    }
}

impl Operation for DisassociateDistributionWebACL {
    const NAME: &'static str = "DisassociateDistributionWebACL";
    const SETTLES: bool = true;
    type Subject = Named<Distribution>;
    type Input = Disassociation;
    type Output = Output;

    fn errors() -> Vec<Code> {
        DECLARED.to_vec()
    }

    async fn run(
        cx: &Context,
        _caller: &Caller,
        named: Named<Distribution>,
        input: Disassociation,
    ) -> Result<Output, ServiceError> {
        let etag = set(cx, Self::NAME, named.named(), input.if_match.as_deref(), "").await?;
        Ok(Output { id: named.named().id().to_owned(), web_acl_arn: None, etag })
    }
}

/// Changes the web ACL, and gives the new ETag.
async fn set(
    cx: &Context,
    operation: &'static str,
    arn: &Arn,
    if_match: Option<&str>,
    web_acl: &str,
) -> Result<String, ServiceError> {
    let if_match = configuration::expected::<Distribution>(cx, arn, if_match).await;
    let if_match = if_match.map_err(in_terms_of_entities)?;
    let update = |longer| {
        transact(&*cx.engine, move |tx| async move {
            let held = configuration::matching::<Distribution>(&tx, cx, arn, if_match).await;
            let held = held.map_err(in_terms_of_entities)?;
            let change = |config: &mut Members| {
                config.insert("WebACLId".to_owned(), json!(web_acl));
            };
            let edited = configuration::edit::<Distribution>(&tx, cx, arn, &held, longer, change).await;
            edited.map_err(|error| configuration::in_terms_of(&DECLARED, error))
        })
    };
    let updated = configuration::settling(cx, operation, arn, update).await?;
    Ok(etag::control_plane(updated.version))
}

fn in_terms_of_entities(error: ServiceError) -> ServiceError {
    if error.code() == Code::NoSuchDistribution { NOT_FOUND } else { error }
}

/// Whether a text is the ARN of a web ACL for CloudFront, which are global.
fn is_web_acl(arn: &str) -> bool {
    let Some(rest) = arn.strip_prefix("arn:aws:wafv2:us-east-1:") else { return false };
    rest.split_once(":global/webacl/").is_some_and(|(account, name)| account.len() == 12 && !name.is_empty())
}
