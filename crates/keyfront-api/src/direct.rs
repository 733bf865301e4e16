//! Runs operations of the control plane for the program itself: without a request, a signature and a policy.
//!
//! What a seed describes is made this way, so its rules, quotas and answers are those of the API. Faults that meet requests
//! do not meet it.

use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::policy::Policy;
use keyfront_error::{Code, Protocol, ServiceError};
use keyfront_wire::Service;
use keyfront_wire::signature::Secret;

use crate::context::{Caller, Context, Credential, Ids};
use crate::error::chain;
use crate::faults::operation_advice;
use crate::operation::{BulkBody, Members};
use crate::pipeline::refusals;
use crate::registry::{Registry, RegistryError};

/// The control plane over a context.
pub struct Direct {
    context: Context,
    registry: Registry,
}

/// Why an operation was refused.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// The code, as a client reads it.
    pub code: &'static str,
    /// The text for the client.
    pub message: String,
    /// What failed inside; nothing for a refusal that the caller can help.
    pub failure: Option<String>,
}

impl Direct {
    /// The operations of the control plane over a context.
    ///
    /// # Errors
    /// When the service models that were compiled in are broken; tests prove that they are not.
    pub fn new(context: Context) -> Result<Direct, RegistryError> {
        Ok(Direct { context, registry: Registry::new()? })
    }

    /// The model of the control plane.
    pub fn service(&self) -> &Service {
        &self.registry.control.service
    }

    /// Runs an operation in an account, by the model's names of its input and output. What it makes gets these ids.
    ///
    /// # Errors
    /// What a request would be refused with.
    pub async fn run(
        &self,
        account: AccountId,
        ids: Arc<dyn Ids>,
        operation: &str,
        input: Members,
    ) -> Result<Members, Refusal> {
        self.answer(account, ids, operation, input).await.map_err(|error| Refusal {
            code: error.code().name(Protocol::RestXml),
            message: error.message().to_owned(),
            failure: error.failure().map(|failure| chain(failure)),
        })
    }

    async fn answer(
        &self,
        account: AccountId,
        ids: Arc<dyn Ids>,
        operation: &str,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let control = &self.registry.control;
        let Some((operation, handler)) = control.operations().find(|(known, _)| known.name == operation)
        else {
            let names = control.operations().filter(|(_, handler)| handler.is_some());
            let advice = operation_advice(operation, names.map(|(known, _)| known.name));
            let text = format!("There is no operation {operation}; {advice}");
            return Err(ServiceError::with(Code::InvalidAction, text));
        };
        let handler = handler.ok_or_else(|| refusals::not_implemented(operation.name))?;
        control.service.check(operation, &input)?;
        let context = Context { ids, ..self.context.clone() };
        let declared = |error| control.declared(operation, handler, error);
        let call = handler.find(&context, account, &input).await.map_err(declared)?;
        let body = BulkBody { service: &control.service, operation, bytes: &[] };
        let answer = call.run(&context, &operator(account)?, input, body).await.map_err(declared)?;
        Ok(answer.members)
    }
}

/// The program as a caller: no user of the account.
fn operator(account: AccountId) -> Result<Caller, ServiceError> {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let credential = Credential {
        access_key_id: "keyfront".to_owned(),
        account,
        user_name: "keyfront".to_owned(),
        user_arn: format!("arn:aws:iam::{account}:root"),
        user_id: account.to_string(),
        secret: Secret::from("keyfront"),
        policy: Policy::parse(policy).map_err(ServiceError::internal)?,
        created_ms: 0,
    };
    Ok(Caller { credential: Arc::new(credential) })
}
