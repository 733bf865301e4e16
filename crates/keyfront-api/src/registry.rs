//! The services that Keyfront answers for: each model joined with the table of what is implemented of it, once at
//! the start.

use std::collections::HashMap;

use keyfront_error::ServiceError;
use keyfront_wire::model::ModelError;
use keyfront_wire::{Operation, Service};

use crate::operation::Handler;
use crate::{control, data, extensions};

/// A model and the handlers of its operations.
pub struct Registered {
    /// The model.
    pub service: Service,
    handlers: HashMap<&'static str, &'static Handler>,
}

/// All of them.
pub struct Registry {
    /// CloudFront.
    pub control: Registered,
    /// CloudFront KeyValueStore.
    pub data: Registered,
    /// What AWS does not have.
    pub extensions: Registered,
}

/// The tables and the models do not fit together. Tests prove that they do.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A model that is compiled in cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A table has an operation twice, or one that its model has not.
    #[error("the table of operations has {0} twice, or its model has it not")]
    Operation(&'static str),
}

impl Registered {
    fn new(
        service: Service,
        table: impl Iterator<Item = &'static Handler>,
    ) -> Result<Registered, RegistryError> {
        let mut handlers = HashMap::new();
        for handler in table {
            let modeled = service.operations().iter().any(|operation| operation.name == handler.name);
            if !modeled || handlers.insert(handler.name, handler).is_some() {
                return Err(RegistryError::Operation(handler.name));
            }
        }
        Ok(Registered { service, handlers })
    }

    /// What answers an operation of this model; nothing when Keyfront does not implement it.
    pub fn handler(&self, operation: &Operation) -> Option<&'static Handler> {
        self.handlers.get(operation.name).copied()
    }

    /// The refusal of an operation as it may leave it: with a code that the operation says and its model declares, or that
    /// any operation may answer. Anything else is a mistake of the program: a panic wherever assertions are compiled in, and
    /// otherwise a failure inside, which the log explains.
    pub(crate) fn declared(
        &self,
        operation: &Operation,
        handler: &Handler,
        error: ServiceError,
    ) -> ServiceError {
        let (service, code) = (&self.service, error.code());
        let declared = service.declares(operation, code) && (handler.errors)().contains(&code);
        if error.failure().is_some() || service.is_common(code) || declared {
            return error;
        }
        let mistake = format!("{} answers {code:?}, which it or its model does not declare", operation.name);
        debug_assert!(false, "{mistake}");
        ServiceError::internal(mistake)
    }

    /// Every operation of the model, with what answers it.
    pub fn operations(&self) -> impl Iterator<Item = (&Operation, Option<&'static Handler>)> {
        self.service.operations().iter().map(|operation| (operation, self.handler(operation)))
    }
}

impl Registry {
    /// Joins the models that are compiled in with the tables.
    ///
    /// # Errors
    /// When they do not fit together.
    pub fn new() -> Result<Registry, RegistryError> {
        Ok(Registry {
            control: Registered::new(Service::cloudfront()?, control::operations())?,
            data: Registered::new(Service::key_value_store()?, data::OPERATIONS.iter())?,
            extensions: Registered::new(Service::extensions()?, extensions::OPERATIONS.iter())?,
        })
    }

    /// The services.
    pub fn services(&self) -> [&Registered; 3] {
        [&self.control, &self.data, &self.extensions]
    }
}
