//! Tests of resources in a seed: what a document may say, and what is made of it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use keyfront_api::direct::Direct;
use keyfront_domain::{AccountId, Quotas};
use serde_json::{Map, Value, json};

use super::answer;
use super::reference::{Reference, resolve};
use crate::bootstrap::ephemeral_admin;
use crate::clock::RandomIds;
use crate::config::Config;
use crate::seed::read;

/// Writes the files of a seed.
fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// What is wrong with a seed of these files.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    match read(folder.path(), &Quotas::default()) {
        Ok(_seed) => Vec::new(),
        Err(failure) => {
            let place = format!("{}/", folder.path().display());
            failure.to_string().replace(&place, "").lines().skip(1).map(str::to_owned).collect()
        }
    }
}

#[test]
fn references_are_replaced_and_two_dollars_are_none() {
    let find = |Reference { name, member }: Reference<'_>| match (name, member) {
        ("a-b", "Id") => Ok("E1".to_owned()),
        (name, member) => Err(format!("no {name} {member}")),
    };
    for (text, expected) in [
        ("", Ok("")),
        ("plain $ {x} $$", Ok("plain $ {x} $$")),
        ("${a-b.Id}", Ok("E1")),
        ("x/${a-b.Id}/${a-b.Id}", Ok("x/E1/E1")),
        ("$${a-b.Id} ${a-b.Id}", Ok("${a-b.Id} E1")),
        ("${a-b.ARN}", Err("no a-b ARN")),
        ("${a-b.Id", Err("\"${a-b.Id\" is not a reference: write ${NAME.Member}, or $${ for ${")),
        ("${x}", Err("\"${x}\" is not a reference: write ${NAME.Member}, or $${ for ${")),
    ] {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(resolve(text, find), expected, "{text}");
    }
}

#[test]
fn the_outermost_member_of_an_answer_is_referred_to() {
    let answer = json!({
        "Distribution": { "Id": "E1", "DistributionConfig": { "Origins": { "Items": [{ "Id": "o" }] }, "Comment": "c" } },
        "ETag": "E2",
    });
    let answer = answer.as_object().unwrap();
    for (name, expected) in
        [("Id", Some("E1")), ("ETag", Some("E2")), ("Comment", Some("c")), ("Nothing", None)]
    {
        assert_eq!(answer::find(answer, name).as_deref(), expected, "{name}");
    }
}

#[test]
fn every_problem_of_a_document_is_told_with_its_place() {
    let group = r#"{"CreateKeyGroup": {"KeyGroupConfig": {"Items": ["${k.Id}"]}}}"#;
    for (document, expected) in [
        ("{".to_owned(), vec!["resources/a.json: EOF while parsing"]),
        ("[]".to_owned(), vec!["resources/a.json: it must be resources by their names"]),
        (r#"{"a b": {}}"#.to_owned(), vec!["resources/a.json: \"a b\": a name has"]),
        (r#"{"a": {}}"#.to_owned(), vec!["resources/a.json: a: a resource is one operation"]),
        (
            r#"{"a": {"DeleteKeyGroup": {}}}"#.to_owned(),
            vec!["resources/a.json: a: DeleteKeyGroup is not an operation that creates something; `keyfront"],
        ),
        (
            r#"{"a": {"CreateKeyGruop": {}}}"#.to_owned(),
            vec![
                "resources/a.json: a: CreateKeyGruop is not an operation that creates something; did you mean CreateKeyGroup",
            ],
        ),
        (
            r#"{"a": {"x": {}}}"#.to_owned(),
            vec![
                "resources/a.json: a: x is not an operation that creates something; `keyfront operations --implemented` lists them",
            ],
        ),
        (
            r#"{"a": {"CreateKeyGroup": {"KeyGroupConfig": {"Item": [], "Comment": 1, "Items": "x"}}}}"#
                .to_owned(),
            vec![
                "resources/a.json: a.CreateKeyGroup.KeyGroupConfig.Item: the model has no such member",
                "resources/a.json: a.CreateKeyGroup.KeyGroupConfig.Comment: it must be a string",
                "resources/a.json: a.CreateKeyGroup.KeyGroupConfig.Items: it must be a list",
            ],
        ),
        (format!(r#"{{"a": {group}}}"#), vec!["resources/a.json: a: the seed has no resource or store k"]),
        (
            format!(r#"{{"a": {}, "k": {}}}"#, group, group.replace("${k", "${a")),
            vec!["resources/a.json: a: it refers to itself, by way of others perhaps"],
        ),
        (
            format!(r#"{{"s": {}}}"#, group.replace("k.Id", "s")),
            vec![
                "resources/a.json: s: the seed has another resource or store of this name",
                "resources/a.json: s: \"${s}\" is not a reference",
            ],
        ),
        (
            r#"{"f": {"CreateFunction": {"FunctionCode": {"File": "nowhere.js"}}}}"#.to_owned(),
            vec!["resources/a.json: f.CreateFunction.FunctionCode: nowhere.js cannot be read"],
        ),
    ] {
        let found = problems(&[("resources/a.json", &document), ("s.json", "{}")]);
        assert_eq!(found.len(), expected.len(), "{document}: {found:#?}");
        let mut expected = expected;
        for problem in &found {
            let known = expected.iter().position(|beginning| problem.starts_with(beginning));
            expected.remove(known.unwrap_or_else(|| panic!("{problem} is not in {expected:#?}")));
        }
    }
}

const SITE: &str = r#"
private:
  CreateOriginAccessControl:
    OriginAccessControlConfig:
      {SigningProtocol: sigv4, SigningBehavior: always, OriginAccessControlOriginType: s3}
rewrite:
  CreateFunction:
    FunctionConfig:
      Comment: ""
      Runtime: cloudfront-js-2.0
      KeyValueStoreAssociations: {Items: [{KeyValueStoreARN: "${redirects.ARN}"}]}
    FunctionCode: {File: rewrite.js}
site:
  CreateDistribution:
    DistributionConfig:
      Comment: of ${private.Name}
      Enabled: true
      Origins:
        Items:
          - Id: files
            DomainName: files.s3.us-east-1.amazonaws.com
            OriginAccessControlId: ${private.Id}
            S3OriginConfig: {OriginAccessIdentity: ""}
      DefaultCacheBehavior:
        TargetOriginId: files
        ViewerProtocolPolicy: allow-all
        CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
        FunctionAssociations:
          Items: [{EventType: viewer-request, FunctionARN: "${rewrite.FunctionARN}"}]
again:
  CreateInvalidation: {DistributionId: "${site.Id}", InvalidationBatch: {Paths: {Items: ["/*"]}}}
"#;

/// The distributions of a server that began with the seed of a folder, as its list shows them, and its invalidations.
async fn distributions(folder: &Path) -> (Value, Value) {
    let config = Config { seed: Some(folder.to_owned()), ..Config::default() };
    let admin = ephemeral_admin(config).await.unwrap();
    let direct = Direct::new(admin.api.context().clone()).unwrap();
    let run = async |operation: &str, input: Value| {
        let input: Map<String, Value> = serde_json::from_value(input).unwrap();
        let account = AccountId::DEVELOPMENT;
        Value::Object(direct.run(account, Arc::new(RandomIds), operation, input).await.unwrap())
    };
    let id = run("ListOriginAccessControls", json!({})).await;
    let id = &id["OriginAccessControlList"]["Items"][0]["Id"];
    assert!(id.as_str().is_some_and(|id| id.starts_with('E')), "{id}");
    let function = run("DescribeFunction", json!({ "Name": "rewrite", "Stage": "LIVE" })).await;
    assert_eq!(function["FunctionSummary"]["Name"], "rewrite");
    let caller_reference = "site";
    let context = admin.api.context();
    let made = keyfront_store::transact(&*context.engine, |tx| async move {
        let kind = keyfront_domain::arn::ResourceKind::DISTRIBUTION;
        keyfront_store::resources::made_with(&tx, AccountId::DEVELOPMENT, kind, caller_reference).await
    });
    let arn = made.await.unwrap().unwrap();
    let shown = run("GetDistribution", json!({ "Id": arn.id() })).await;
    let config = &shown["Distribution"]["DistributionConfig"];
    assert_eq!(config["Comment"], "of private");
    assert_eq!(config["Origins"]["Items"][0]["OriginAccessControlId"], *id);
    let invalidations = run("ListInvalidations", json!({ "DistributionId": arn.id() })).await;
    let without_times = |mut shown: Value| {
        shown["Distribution"]["LastModifiedTime"].take();
        shown
    };
    (without_times(shown), invalidations["InvalidationList"]["Items"][0]["Id"].clone())
}

#[tokio::test]
async fn a_site_is_made_with_the_same_ids_at_every_start() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("redirects.json", r#"{"/old": "/new"}"#),
            ("resources/site.yaml", SITE),
            (
                "resources/rewrite.js",
                "function handler(event) { return event.request; } // ${not.a.reference}",
            ),
        ],
    );
    let first = distributions(folder.path()).await;
    assert!(first.1.as_str().is_some_and(|id| id.starts_with('I')), "{first:?}");
    assert_eq!(distributions(folder.path()).await, first);
}

#[tokio::test]
async fn what_the_service_refuses_is_refused_in_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let group = r#"{"viewers": {"CreateKeyGroup": {"KeyGroupConfig": {"Items": ["K1"]}}}}"#;
    write(folder.path(), &[("resources/a.json", group)]);
    let config = Config { seed: Some(folder.path().to_owned()), ..Config::default() };
    let failure = ephemeral_admin(config).await.err().unwrap().to_string();
    assert!(failure.contains("resources/a.json: viewers was refused: "), "{failure}");
}
