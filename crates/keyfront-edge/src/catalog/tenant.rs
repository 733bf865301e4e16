//! A tenant's own form of its multi-tenant distribution: parameters put in, customizations in place of the
//! distribution's settings (AWS: "Work with distribution tenants").

use std::collections::BTreeMap;

use keyfront_domain::distribution_tenant::DistributionTenantConfig;
use serde_json::{Map, Value};

/// The distribution's configuration as it is for a tenant.
pub(super) fn configuration(
    distribution: &Map<String, Value>,
    tenant: &DistributionTenantConfig,
) -> Map<String, Value> {
    let values = values(distribution, tenant);
    let mut config = distribution.clone();
    // Parameters stand in the domain names and paths of origins.
    if let Some(origins) = config.get_mut("Origins") {
        replace(origins, &values);
    }
    if let Some(restrictions) = tenant.customizations.as_ref().and_then(|own| own.geo_restrictions.as_ref()) {
        let locations = &restrictions.locations;
        config.insert(
            "Restrictions".to_owned(),
            serde_json::json!({ "GeoRestriction": {
                "RestrictionType": restrictions.restriction_type, "Quantity": locations.len(), "Items": locations,
            }}),
        );
    }
    let certificate = tenant.customizations.as_ref().and_then(|own| own.certificate.as_ref());
    if let Some(certificate) = certificate {
        let config = config.entry("ViewerCertificate").or_insert_with(|| Value::Object(Map::new()));
        if let Some(config) = config.as_object_mut() {
            config.insert("ACMCertificateArn".to_owned(), Value::String(certificate.arn.clone()));
        }
    }
    config
}

/// The values of the distribution's parameters: the tenant's, else the default ones.
pub(super) fn values(
    distribution: &Map<String, Value>,
    tenant: &DistributionTenantConfig,
) -> BTreeMap<String, String> {
    let definitions = distribution.get("TenantConfig").and_then(|config| config.get("ParameterDefinitions"));
    let definitions = definitions.and_then(Value::as_array).into_iter().flatten();
    let defaults = definitions.filter_map(|definition| {
        let name = definition.get("Name")?.as_str()?;
        let schema = definition.get("Definition")?.get("StringSchema")?;
        Some((name.to_owned(), schema.get("DefaultValue")?.as_str()?.to_owned()))
    });
    let own = tenant.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.value.clone()));
    defaults.chain(own).collect()
}

/// Puts values in the place of `{{name}}`, in all texts.
fn replace(value: &mut Value, values: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            for (name, value) in values {
                if text.contains("{{") {
                    *text = text.replace(&format!("{{{{{name}}}}}"), value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, values)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tenant_puts_its_parameters_and_customizations_into_the_configuration() {
        let distribution = json!({
            "Origins": { "Quantity": 1, "Items": [{ "Id": "{{x}}", "DomainName": "{{tenant}}.example.com", "OriginPath": "/{{x}}{{y}}" }] },
            "TenantConfig": { "ParameterDefinitions": [
                { "Name": "tenant", "Definition": { "StringSchema": { "Required": true } } },
                { "Name": "x", "Definition": { "StringSchema": { "Required": false, "DefaultValue": "a" } } },
                { "Name": "y", "Definition": { "StringSchema": { "Required": false, "DefaultValue": "b" } } },
            ] },
        });
        let tenant = json!({
            "DistributionId": "E1", "Name": "t", "Domains": [{ "Domain": "t.example.com" }], "Enabled": true,
            "Parameters": [{ "Name": "tenant", "Value": "one" }, { "Name": "y", "Value": "c" }],
            "Customizations": { "GeoRestrictions": { "RestrictionType": "whitelist", "Locations": ["DE"] } },
        });
        let tenant: DistributionTenantConfig = serde_json::from_value(tenant).unwrap();
        let config = configuration(distribution.as_object().unwrap(), &tenant);
        let origin = &config["Origins"]["Items"][0];
        assert_eq!(origin["DomainName"], "one.example.com");
        assert_eq!(origin["OriginPath"], "/ac");
        assert_eq!(
            config["Restrictions"],
            json!({ "GeoRestriction": { "RestrictionType": "whitelist", "Quantity": 1, "Items": ["DE"] } })
        );
    }
}
