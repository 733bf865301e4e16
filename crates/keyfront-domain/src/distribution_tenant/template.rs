//! What a multi-tenant distribution asks of its tenants.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Parameter;

/// What a distribution's configuration says about tenants.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Template {
    /// `direct` or `tenant-only`; absent means direct.
    connection_mode: Option<String>,
    tenant_config: Option<TenantConfig>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TenantConfig {
    #[serde(default)]
    parameter_definitions: Vec<ParameterDefinition>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ParameterDefinition {
    name: String,
    definition: Definition,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    string_schema: Option<StringSchema>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StringSchema {
    default_value: Option<String>,
    #[serde(default)]
    required: bool,
}

impl Template {
    /// Reads a distribution's configuration.
    ///
    /// # Errors
    /// It has not the shape of one, which is a failure of what stored it.
    pub fn of(distribution: &Map<String, Value>) -> Result<Template, ServiceError> {
        Template::deserialize(distribution).map_err(ServiceError::internal)
    }

    /// Refuses a distribution that has no tenants.
    pub fn check(&self) -> Result<(), ServiceError> {
        if self.connection_mode.as_deref() == Some("tenant-only") {
            return Ok(());
        }
        Err(ServiceError::new(
            Code::InvalidAssociation,
            "The specified CloudFront resource can't be associated.",
        ))
    }

    /// Refuses a tenant without a value for a parameter that needs one and has none by default.
    pub fn check_parameters(&self, given: &[Parameter]) -> Result<(), ServiceError> {
        let definitions = self.tenant_config.iter().flat_map(|config| &config.parameter_definitions);
        for ParameterDefinition { name, definition: Definition { string_schema } } in definitions {
            let needed = string_schema
                .as_ref()
                .is_some_and(|schema| schema.required && schema.default_value.is_none());
            if needed && given.iter().all(|parameter| parameter.name != *name) {
                return Err(ServiceError::required(name));
            }
        }
        Ok(())
    }
}
