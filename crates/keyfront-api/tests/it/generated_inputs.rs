//! Every operation of the control plane on generated inputs: it answers, or refuses with a code that it says and its model
//! declares. Another code is a panic in [`Direct`], as it is in the pipeline.
//!
//! Inputs are made from the model, with texts of earlier answers, and from inputs that were accepted, with one member
//! changed. The choices are the same in every run.

use std::collections::HashMap;
use std::sync::Arc;

use keyfront_api::Ids;
use keyfront_api::direct::Direct;
use keyfront_api::operation::Members;
use keyfront_domain::AccountId;
use keyfront_wire::Service;
use keyfront_wire::model::{Kind, ShapeId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::fixture::World;

/// Inputs for each operation.
const EACH: usize = 40;

/// The deepest structure that is filled.
const DEPTH: usize = 12;

struct Drawn(std::sync::Mutex<fastrand::Rng>);

impl Ids for Drawn {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(self.0.lock().unwrap().u128(..))
    }
}

/// What is known to mean something.
const TEXTS: [&str; 16] = [
    "",
    "x",
    "/",
    "/*",
    "*.example.com",
    "www.example.com",
    "files.s3.us-east-1.amazonaws.com",
    "E1XRY7J5866V6G",
    "cloudfront-js-2.0",
    "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "arn:aws:cloudfront::000000000000:distribution/E1XRY7J5866V6G",
    "arn:aws:cloudfront::000000000000:function/rewrite",
    "arn:aws:acm:us-east-1:000000000000:certificate/0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9",
    "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/50dc6c49",
    "arn:aws:s3:::bucket/key",
    "<not XML & not JSON>",
];

struct Generator<'s> {
    service: &'s Service,
    random: fastrand::Rng,
    /// Texts of answers, by the names of their members.
    seen: HashMap<String, Vec<String>>,
}

impl Generator<'_> {
    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.random.usize(..texts.len())]
    }

    fn structure(&mut self, shape: ShapeId, depth: usize) -> Map<String, Value> {
        let service = self.service;
        let Some(structure) = service.shape(shape).structure() else { return Map::new() };
        let mut held = Map::new();
        for member in &structure.members {
            if member.required || (depth < DEPTH && self.random.u8(..3) == 0) {
                held.insert(member.name.to_owned(), self.value(member.shape, member.name, depth + 1));
            }
        }
        let items = held.get("Items").and_then(Value::as_array).map_or(0, Vec::len);
        if held.contains_key("Quantity") && self.random.u8(..10) > 0 {
            held.insert("Quantity".to_owned(), json!(items));
        }
        held
    }

    fn value(&mut self, shape: ShapeId, name: &str, depth: usize) -> Value {
        let service = self.service;
        let described = service.shape(shape);
        match &described.kind {
            Kind::Structure(_) => Value::Object(self.structure(shape, depth)),
            Kind::List { item, .. } => {
                let length = if depth < DEPTH { self.random.usize(..3) } else { 0 };
                (0..length).map(|_| self.value(*item, name, depth + 1)).collect()
            }
            Kind::String if !described.values.is_empty() => json!(self.one_of(&described.values)),
            Kind::String => json!(self.text(name)),
            Kind::Integer | Kind::Long => {
                json!([-1, 0, 1, 2, 30, 80, 443, 86_400, 31_536_000][self.random.usize(..9)])
            }
            Kind::Float => json!([0.0, 0.1, 50.0, 101.0][self.random.usize(..4)]),
            Kind::Boolean => json!(self.random.bool()),
            // `function handler(event) { return event.request; }`
            Kind::Blob => json!("ZnVuY3Rpb24gaGFuZGxlcihldmVudCkgeyByZXR1cm4gZXZlbnQucmVxdWVzdDsgfQ=="),
            Kind::Timestamp => json!("2026-01-01T00:00:00Z"),
        }
    }

    /// A text that an answer had under this name or another, or one of ours.
    fn text(&mut self, name: &str) -> String {
        let name = if name == "IfMatch" { "ETag" } else { name };
        let known = match self.random.u8(..10) {
            0..5 => self.seen.get(name),
            5..8 => {
                let names: Vec<&String> = self.seen.keys().collect();
                let mut names: Vec<String> = names.into_iter().cloned().collect();
                // The order of the map is another in each run.
                names.sort();
                if names.is_empty() { None } else { self.seen.get(&names[self.random.usize(..names.len())]) }
            }
            _ours => None,
        };
        match known {
            Some(texts) => texts[self.random.usize(..texts.len())].clone(),
            None if self.random.u8(..30) == 0 => "x".repeat(300),
            None => self.one_of(&TEXTS).to_owned(),
        }
    }

    /// Remembers the texts of an answer.
    fn learn(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) if !text.is_empty() => {
                let texts = self.seen.entry(name.to_owned()).or_default();
                if texts.len() < 20 && !texts.contains(text) {
                    texts.push(text.clone());
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(name, item)),
            Value::Object(members) => members.iter().for_each(|(name, member)| self.learn(name, member)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Changes or removes one member, at any depth.
    fn change(&mut self, shape: ShapeId, held: &mut Map<String, Value>) {
        let service = self.service;
        let Some(structure) = service.shape(shape).structure() else { return };
        let members = &structure.members;
        let member = &members[self.random.usize(..members.len())];
        if let Some(Value::Object(inner)) = held.get_mut(member.name)
            && self.random.u8(..4) > 0
        {
            return self.change(member.shape, inner);
        }
        if self.random.u8(..4) == 0 {
            held.remove(member.name);
        } else {
            held.insert(member.name.to_owned(), self.value(member.shape, member.name, 3));
        }
    }
}

/// Policies and origin access, whose inputs are accepted.
fn policies() -> Vec<(&'static str, Value)> {
    vec![
        (
            "CreateOriginAccessControl",
            json!({ "OriginAccessControlConfig": {
                "Name": "oac",
                "SigningProtocol": "sigv4",
                "SigningBehavior": "always",
                "OriginAccessControlOriginType": "s3",
            }}),
        ),
        (
            "CreateCloudFrontOriginAccessIdentity",
            json!({ "CloudFrontOriginAccessIdentityConfig": { "CallerReference": "oai", "Comment": "" } }),
        ),
        ("CreateCachePolicy", json!({ "CachePolicyConfig": { "Name": "cache", "MinTTL": 1 } })),
        (
            "CreateOriginRequestPolicy",
            json!({ "OriginRequestPolicyConfig": {
                "Name": "request",
                "HeadersConfig": { "HeaderBehavior": "none" },
                "CookiesConfig": { "CookieBehavior": "none" },
                "QueryStringsConfig": { "QueryStringBehavior": "none" },
            }}),
        ),
        (
            "CreateResponseHeadersPolicy",
            json!({ "ResponseHeadersPolicyConfig": {
                "Name": "headers",
                "CustomHeadersConfig": { "Quantity": 1, "Items": [{ "Header": "x", "Value": "y", "Override": true }] },
            }}),
        ),
    ]
}

/// Inputs that are accepted, in this order, so that the others have something to refer to.
fn accepted() -> Vec<(&'static str, Value)> {
    let none = json!({ "Quantity": 0 });
    let behavior = json!({
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "allow-all",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    });
    let origin = json!({ "Id": "o", "DomainName": "files.s3.us-east-1.amazonaws.com", "S3OriginConfig": { "OriginAccessIdentity": "" } });
    let distribution = json!({
        "CallerReference": "r",
        "Comment": "",
        "Enabled": false,
        "Origins": { "Quantity": 1, "Items": [origin] },
        "DefaultCacheBehavior": behavior,
    });
    let mut tenants = distribution.clone();
    tenants["CallerReference"] = json!("tenants");
    tenants["ConnectionMode"] = json!("tenant-only");
    let first = [
        ("CreateKeyValueStore", json!({ "Name": "redirects" })),
        (
            "CreateFunction",
            json!({
                "Name": "rewrite",
                "FunctionConfig": { "Comment": "", "Runtime": "cloudfront-js-2.0" },
                "FunctionCode": "ZnVuY3Rpb24gaGFuZGxlcihldmVudCkgeyByZXR1cm4gZXZlbnQucmVxdWVzdDsgfQ==",
            }),
        ),
    ];
    let later = [
        ("CreateDistribution", json!({ "DistributionConfig": distribution })),
        ("CreateDistribution", json!({ "DistributionConfig": tenants })),
        (
            "CreateStreamingDistribution",
            json!({ "StreamingDistributionConfig": {
                "CallerReference": "s",
                "Comment": "",
                "Enabled": false,
                "S3Origin": { "DomainName": "files.s3.amazonaws.com", "OriginAccessIdentity": "" },
                "TrustedSigners": { "Enabled": false, "Quantity": 0 },
            }}),
        ),
        ("CreateConnectionGroup", json!({ "Name": "group" })),
        ("CreateAnycastIpList", json!({ "Name": "addresses", "IpCount": 3 })),
        (
            "CreateFieldLevelEncryptionConfig",
            json!({ "FieldLevelEncryptionConfig": {
                "CallerReference": "f",
                "ContentTypeProfileConfig": {
                    "ForwardWhenContentTypeIsUnknown": true,
                    "ContentTypeProfiles": none,
                },
            }}),
        ),
    ];
    first.into_iter().chain(policies()).chain(later).collect()
}

#[tokio::test]
async fn every_operation_refuses_with_codes_that_it_declares() {
    let world = World::new();
    let direct = Direct::new(world.api.context().clone()).unwrap();
    let service = direct.service();
    let ids = Arc::new(Drawn(std::sync::Mutex::new(fastrand::Rng::with_seed(7))));
    let mut generator = Generator { service, random: fastrand::Rng::with_seed(11), seen: HashMap::new() };
    let mut known: HashMap<&str, Vec<Members>> = HashMap::new();
    let account = AccountId::DEVELOPMENT;
    for (operation, input) in accepted() {
        let input: Members = serde_json::from_value(input).unwrap();
        let answer = direct.run(account, Arc::<Drawn>::clone(&ids), operation, input.clone()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{operation}: {error}"));
        generator.learn("", &Value::Object(answer));
        known.entry(operation).or_default().push(input);
    }
    let (mut answered, mut refused) = (0, HashMap::<&str, usize>::new());
    for _round in 0..EACH {
        for operation in service.operations() {
            let Some(shape) = operation.input.as_ref().map(|input| input.shape) else { continue };
            let mut input = generator.structure(shape, 0);
            if let Some(accepted) = known.get(operation.name).filter(|_| generator.random.u8(..4) > 0) {
                input = accepted[generator.random.usize(..accepted.len())].clone();
                for _ in 0..generator.random.u8(1..3) {
                    generator.change(shape, &mut input);
                }
            }
            match direct.run(account, Arc::<Drawn>::clone(&ids), operation.name, input.clone()).await {
                Ok(answer) => {
                    answered += 1;
                    generator.learn("", &Value::Object(answer));
                    let inputs = known.entry(operation.name).or_default();
                    if inputs.len() < 8 {
                        inputs.push(input);
                    }
                }
                Err(error) => {
                    assert!(error.failure.is_none(), "{} on {input:?}: {error:?}", operation.name);
                    *refused.entry(error.code).or_default() += 1;
                }
            }
        }
    }
    // It gets far: many are answered, and the refusals are not those of the model alone.
    assert!(answered > 300 && refused.len() > 30, "{answered} answered, {refused:#?}");
}
