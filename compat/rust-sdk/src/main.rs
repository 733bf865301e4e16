//! The Rust SDK as a client of Keyfront's data plane: one operation per run, driven by the black-box suites.
//!
//!     keyfront-rust-sdk-client ARN describe
//!     keyfront-rust-sdk-client ARN get KEY
//!     keyfront-rust-sdk-client ARN put ETAG KEY VALUE
//!     keyfront-rust-sdk-client ARN delete ETAG KEY
//!     keyfront-rust-sdk-client ARN update ETAG [+KEY=VALUE | -KEY]...
//!     keyfront-rust-sdk-client ARN list PAGE_SIZE
//!
//! The endpoint, the credentials and the proxy come from the environment that `keyfront exec` sets. The
//! answer is printed as `name=value` lines. An error is printed as the SDK's own exception type and the
//! service's message, with exit code 1. It checks nothing itself: that is the suites' part.

use std::env;
use std::process::ExitCode;

use aws_sdk_cloudfrontkeyvaluestore::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cloudfrontkeyvaluestore::error::ProvideErrorMetadata;
use aws_sdk_cloudfrontkeyvaluestore::types::{DeleteKeyRequestListItem, PutKeyRequestListItem};
use aws_sdk_cloudfrontkeyvaluestore::{Client, Config, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let client = Client::from_conf(config());
    match run(&client, &words).await {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}: {}", type_of(&error), error.message().unwrap_or("no message"));
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a client gets everything from the environment")]
fn config() -> Config {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID"),
        variable("AWS_SECRET_ACCESS_KEY"),
        None,
        None,
        "environment",
    );
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION")))
        .credentials_provider(credentials)
        .endpoint_url(variable("AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE"))
        .build()
}

async fn run(client: &Client, words: &[&str]) -> Result<Vec<String>, Error> {
    match words {
        [arn, "describe"] => describe(client, arn).await,
        [arn, "get", key] => {
            let answer = client.get_key().kvs_arn(*arn).key(*key).send().await?;
            let mut lines = totals(answer.item_count(), answer.total_size_in_bytes());
            lines.push(format!("{}={}", answer.key(), answer.value()));
            Ok(lines)
        }
        [arn, "put", etag, key, value] => {
            let put = client.put_key().kvs_arn(*arn).if_match(*etag).key(*key).value(*value);
            let answer = put.send().await?;
            Ok(written(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
        }
        [arn, "delete", etag, key] => {
            let answer = client.delete_key().kvs_arn(*arn).if_match(*etag).key(*key).send().await?;
            Ok(written(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
        }
        [arn, "update", etag, changes @ ..] => update(client, arn, etag, changes).await,
        [arn, "list", page_size] => list(client, arn, page_size.parse().expect("a page size")).await,
        _ => panic!("not a call of this client: {words:?}"),
    }
}

async fn describe(client: &Client, arn: &str) -> Result<Vec<String>, Error> {
    let answer = client.describe_key_value_store().kvs_arn(arn).send().await?;
    let mut lines = written(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes());
    lines.push(format!("arn={}", answer.kvs_arn()));
    lines.push(format!("created={}", answer.created().as_secs_f64()));
    lines.push(format!("status={}", answer.status().unwrap_or_default()));
    Ok(lines)
}

async fn update(client: &Client, arn: &str, etag: &str, changes: &[&str]) -> Result<Vec<String>, Error> {
    let mut call = client.update_keys().kvs_arn(arn).if_match(etag);
    for change in changes {
        if let Some(key) = change.strip_prefix('-') {
            call = call.deletes(DeleteKeyRequestListItem::builder().key(key).build()?);
        } else if let Some((key, value)) = change.strip_prefix('+').and_then(|pair| pair.split_once('=')) {
            call = call.puts(PutKeyRequestListItem::builder().key(key).value(value).build()?);
        } else {
            panic!("neither +KEY=VALUE nor -KEY: {change}");
        }
    }
    let answer = call.send().await?;
    Ok(written(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
}

async fn list(client: &Client, arn: &str, page_size: i32) -> Result<Vec<String>, Error> {
    let mut pages = client.list_keys().kvs_arn(arn).into_paginator().page_size(page_size).send();
    let mut lines = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        lines.extend(page.items().iter().map(|item| format!("{}={}", item.key(), item.value())));
    }
    Ok(lines)
}

fn totals(item_count: i32, total_size: i64) -> Vec<String> {
    vec![format!("item_count={item_count}"), format!("total_size={total_size}")]
}

fn written(etag: &str, item_count: i32, total_size: i64) -> Vec<String> {
    let mut lines = vec![format!("etag={etag}")];
    lines.extend(totals(item_count, total_size));
    lines
}

/// The exception type that the SDK made of an error answer, which it does from the wire's own fields.
fn type_of(error: &Error) -> &'static str {
    match error {
        Error::AccessDeniedException(_) => "AccessDeniedException",
        Error::ConflictException(_) => "ConflictException",
        Error::InternalServerException(_) => "InternalServerException",
        Error::ResourceNotFoundException(_) => "ResourceNotFoundException",
        Error::ServiceQuotaExceededException(_) => "ServiceQuotaExceededException",
        Error::ValidationException(_) => "ValidationException",
        _ => "Unhandled",
    }
}
