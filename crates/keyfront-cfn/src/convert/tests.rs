//! Tests of how properties of a template become requests of the API.

use keyfront_wire::Service;
use serde_json::{Map, Value, json};

use super::*;
use crate::resource_type::ResourceTypes;

fn convert(kind: &str, properties: &Value) -> Result<Call, Vec<Mistake>> {
    let (service, types) = (Service::cloudfront().unwrap(), ResourceTypes::new().unwrap());
    let kind = types.get(&format!("AWS::CloudFront::{kind}")).unwrap();
    Converter { service: &service }.create(kind, properties.as_object().unwrap(), "ref", "P")
}

fn behavior(more: &Value) -> Value {
    let mut behavior = json!({ "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all" });
    behavior.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "DistributionConfig": { "Enabled": true, "DefaultCacheBehavior": behavior } })
}

/// A property, and where the API has what.
#[test]
fn properties_stand_where_the_api_has_them() {
    let quantity = |items: Value| json!({ "Quantity": items.as_array().unwrap().len(), "Items": items });
    let behaves = "/DistributionConfig/DefaultCacheBehavior";
    for (kind, properties, place, expected) in [
        // A list with a count.
        (
            "KeyGroup",
            json!({ "KeyGroupConfig": { "Name": "n", "Items": ["K1"] } }),
            "/KeyGroupConfig".to_owned(),
            json!({ "Name": "n", "Items": ["K1"] }),
        ),
        (
            "Function",
            json!({ "Name": "f", "FunctionCode": "ab", "AutoPublish": true, "FunctionConfig": {
                "Comment": "", "Runtime": "cloudfront-js-2.0", "KeyValueStoreAssociations": [{ "KeyValueStoreARN": "a" }],
            } }),
            String::new(),
            json!({ "Name": "f", "FunctionCode": "YWI=", "FunctionConfig": {
                "Comment": "", "Runtime": "cloudfront-js-2.0",
                "KeyValueStoreAssociations": quantity(json!([{ "KeyValueStoreARN": "a" }])),
            } }),
        ),
        // Tags have items and no count.
        (
            "KeyValueStore",
            json!({ "Name": "s", "Tags": [{ "Key": "k", "Value": 1 }], "ImportSource": { "SourceType": "S3", "SourceArn": "a" } }),
            String::new(),
            json!({ "Name": "s", "Tags": { "Items": [{ "Key": "k", "Value": "1" }] },
                    "ImportSource": { "SourceType": "S3", "SourceARN": "a" } }),
        ),
        (
            "Distribution",
            behavior(
                &json!({ "CachedMethods": ["GET", "HEAD"], "AllowedMethods": ["GET", "HEAD", "OPTIONS"] }),
            ),
            format!("{behaves}/AllowedMethods"),
            json!({ "Quantity": 3, "Items": ["HEAD", "GET", "OPTIONS"], "CachedMethods": quantity(json!(["HEAD", "GET"])) }),
        ),
        (
            "Distribution",
            behavior(&json!({ "CachedMethods": ["GET", "HEAD"] })),
            format!("{behaves}/AllowedMethods/Items"),
            json!(["HEAD", "GET"]),
        ),
        (
            "Distribution",
            behavior(&json!({ "TrustedKeyGroups": ["K"] })),
            format!("{behaves}/TrustedKeyGroups"),
            json!({ "Enabled": true, "Quantity": 1, "Items": ["K"] }),
        ),
        (
            "Distribution",
            behavior(&json!({ "ForwardedValues": { "QueryString": "true", "Headers": ["*"] } })),
            format!("{behaves}/ForwardedValues"),
            json!({ "QueryString": true, "Headers": quantity(json!(["*"])), "Cookies": { "Forward": "none" },
                    "QueryStringCacheKeys": { "Quantity": 0 } }),
        ),
        (
            "Distribution",
            behavior(&json!({})),
            "/DistributionConfig/CallerReference".to_owned(),
            json!("ref"),
        ),
    ] {
        let call = convert(kind, &properties).unwrap_or_else(|mistakes| panic!("{kind}: {mistakes:?}"));
        let input = Value::Object(call.input);
        assert_eq!(input.pointer(&place), Some(&expected), "{kind}{place}: {input:#}");
    }
}

/// Members of a distribution beside its behaviors.
#[test]
fn a_distribution_has_its_members_where_the_api_has_them() {
    let mut properties = behavior(&json!({ "CachePolicyId": "c" }));
    let config = properties["DistributionConfig"].as_object_mut().unwrap();
    let more = json!({
        "CNAMEs": ["a.example"],
        "IPV6Enabled": "false",
        "Origins": [{
            "Id": "o", "DomainName": "o.example", "OriginCustomHeaders": [{ "HeaderName": "h", "HeaderValue": "v" }],
            "CustomOriginConfig": { "OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"] },
        }],
        "Restrictions": { "GeoRestriction": { "RestrictionType": "whitelist", "Locations": ["DE"] } },
        "CustomErrorResponses": [{ "ErrorCode": 404, "ResponseCode": 200, "ResponsePagePath": "/404" }],
        "Logging": { "Bucket": "b.s3.amazonaws.com" },
        "ViewerCertificate": { "AcmCertificateArn": "arn", "SslSupportMethod": "sni-only" },
    });
    config.extend(more.as_object().unwrap().clone());
    properties["Tags"] = json!([{ "Key": "k", "Value": "v" }]);
    let call = convert("Distribution", &properties).unwrap();
    assert_eq!(call.operation, "CreateDistributionWithTags");
    let input = Value::Object(call.input);
    for (place, expected) in [
        ("/Tags", json!({ "Items": [{ "Key": "k", "Value": "v" }] })),
        ("/DistributionConfig/Aliases", json!({ "Quantity": 1, "Items": ["a.example"] })),
        ("/DistributionConfig/IsIPV6Enabled", json!(false)),
        ("/DistributionConfig/HttpVersion", json!("http1.1")),
        ("/DistributionConfig/Origins/Items/0/CustomHeaders/Items/0/HeaderName", json!("h")),
        ("/DistributionConfig/Origins/Items/0/CustomOriginConfig/HTTPPort", json!(80)),
        (
            "/DistributionConfig/Origins/Items/0/CustomOriginConfig/OriginSslProtocols/Items",
            json!(["TLSv1.2"]),
        ),
        (
            "/DistributionConfig/Restrictions/GeoRestriction",
            json!({ "RestrictionType": "whitelist", "Quantity": 1, "Items": ["DE"] }),
        ),
        ("/DistributionConfig/CustomErrorResponses/Items/0/ResponseCode", json!("200")),
        ("/DistributionConfig/CustomErrorResponses/Items/0/ErrorCachingMinTTL", json!(300)),
        (
            "/DistributionConfig/Logging",
            json!({ "Enabled": true, "Bucket": "b.s3.amazonaws.com", "IncludeCookies": false, "Prefix": "" }),
        ),
        ("/DistributionConfig/ViewerCertificate/ACMCertificateArn", json!("arn")),
        ("/DistributionConfig/ViewerCertificate/SSLSupportMethod", json!("sni-only")),
    ] {
        let place = format!("/DistributionConfigWithTags{place}");
        assert_eq!(input.pointer(&place), Some(&expected), "{place}: {input:#}");
    }
}

#[test]
fn what_is_wrong_with_properties_is_told_with_its_place() {
    for (kind, properties, expected) in [
        (
            "KeyGroup",
            json!({ "KeyGroupConfig": { "Nam": "n", "Items": [] } }),
            &[
                "P.KeyGroupConfig.Nam: CloudFormation has no such property; did you mean Name?",
                "P.KeyGroupConfig: the property Name is missing",
            ][..],
        ),
        ("KeyGroup", json!({ "KeyGroupConfig": [] }), &["P.KeyGroupConfig: it must be an object"]),
        (
            "KeyGroup",
            json!({ "KeyGroupConfig": { "Name": "n", "Items": "K" } }),
            &["P.KeyGroupConfig.Items: it must be a list"],
        ),
        (
            "Distribution",
            json!({ "DistributionConfig": { "Enabled": "yes", "S3Origin": { "DNSName": "d" }, "DefaultCacheBehavior": {
                "TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "DefaultTTL": "x",
            } } }),
            &[
                "P.DistributionConfig.DefaultCacheBehavior.DefaultTTL: it must be a number",
                "P.DistributionConfig.Enabled: it must be true or false",
                "P.DistributionConfig.S3Origin: this is of CloudFormation's first version of distributions; write the \
                 origin under Origins",
            ],
        ),
    ] {
        let mistakes = convert(kind, &properties).unwrap_err();
        let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(told, expected, "{kind} {properties}");
    }
}

/// A value of a property's type, with every member.
fn full(property: &Property, name: &str) -> Value {
    match property.kind {
        PropertyKind::Object => members(&property.properties, name).into(),
        PropertyKind::Array => property.items.iter().map(|item| full(item, name)).collect(),
        PropertyKind::String => json!("x"),
        PropertyKind::Integer | PropertyKind::Number => json!(1),
        PropertyKind::Boolean => json!(true),
    }
}

fn members(known: &BTreeMap<String, Property>, of: &str) -> Map<String, Value> {
    let sent = known.iter().filter(|(name, _)| refused(of, name).is_none());
    sent.map(|(name, property)| (name.clone(), full(property, name))).collect()
}

/// Each property of each type of the registry, against the service model. A property that the registry gets later is seen
/// here first.
#[test]
fn every_property_of_the_registry_has_its_place_in_the_api() {
    let (service, types) = (Service::cloudfront().unwrap(), ResourceTypes::new().unwrap());
    let converter = Converter { service: &service };
    let mut without = Vec::new();
    let mut missing = Vec::new();
    for name in types.names() {
        let kind = types.get(name).unwrap();
        match converter.create(kind, &members(&kind.properties, name), "ref", name) {
            Ok(call) => {
                let operation = service.operations().iter().find(|each| each.name == call.operation).unwrap();
                let violations = service.violations(operation, &call.input);
                let null = violations.into_iter().filter(|each| each.message.contains("must not be null"));
                missing.extend(null.map(|violation| format!("{name}: {}", violation.path)));
            }
            Err(mistakes) => without.extend(mistakes.iter().map(ToString::to_string)),
        }
    }
    assert_eq!(without, Vec::<String>::new());
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn an_update_leaves_out_what_only_a_creation_takes() {
    let (service, types) = (Service::cloudfront().unwrap(), ResourceTypes::new().unwrap());
    let converter = Converter { service: &service };
    for (kind, properties, expected) in [
        ("KeyValueStore", json!({ "Name": "s", "Tags": [] }), json!({ "Name": "s", "Comment": "" })),
        (
            "ConnectionGroup",
            json!({ "Name": "g", "Enabled": true, "Tags": [{ "Key": "k", "Value": "v" }] }),
            json!({ "Enabled": true }),
        ),
        (
            "VpcOrigin",
            json!({ "VpcOriginEndpointConfig": { "Name": "v", "Arn": "a" } }),
            json!({ "VpcOriginEndpointConfig": {
                "Name": "v", "Arn": "a", "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer",
            } }),
        ),
    ] {
        let kind = types.get(&format!("AWS::CloudFront::{kind}")).unwrap();
        let call = converter.update(kind, properties.as_object().unwrap(), "P").unwrap();
        assert_eq!(Value::Object(call.input), expected, "{}", kind.name);
    }
}

/// The registry requires tags of a streaming distribution, which the API takes apart from its document.
#[test]
fn an_update_leaves_required_tags_to_their_own_operations() {
    let (service, types) = (Service::cloudfront().unwrap(), ResourceTypes::new().unwrap());
    let kind = types.get("AWS::CloudFront::StreamingDistribution").unwrap();
    let converter = Converter { service: &service };
    let mut properties = json!({ "Tags": [{ "Key": "k", "Value": "v" }], "StreamingDistributionConfig": {
        "Comment": "", "Enabled": true, "TrustedSigners": { "Enabled": false },
        "S3Origin": { "DomainName": "b.s3.amazonaws.com", "OriginAccessIdentity": "" },
    } });
    let update = converter.update(kind, properties.as_object().unwrap(), "P").unwrap();
    assert_eq!(update.input.keys().collect::<Vec<_>>(), ["StreamingDistributionConfig"]);
    properties.as_object_mut().unwrap().remove("Tags");
    let mistakes = converter.create(kind, properties.as_object().unwrap(), "ref", "P").unwrap_err();
    assert_eq!(mistakes[0].message, "the property Tags is missing");
}
