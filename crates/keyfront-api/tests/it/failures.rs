//! Storage that fails.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;
use keyfront_engine::MemoryEngine;
use keyfront_store::{Batch, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version};

use crate::fixture::{World, create_body, escaped};

/// What of an engine works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Working {
    Nothing,
    Reads,
    /// A commit happens, and its caller does not learn of it.
    Unheard,
}

struct Failing(MemoryEngine, Working);

#[async_trait]
impl Engine for Failing {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        if self.1 != Working::Nothing {
            return self.0.read(ranges).await;
        }
        let source = io::Error::other("sector 7 of /dev/secret");
        Err(StoreError::Read { message: "the disk is broken".to_owned(), source: Some(Arc::new(source)) })
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        let message = "the disk is full".to_owned();
        if self.1 != Working::Unheard {
            return Err(StoreError::NotWritten { message, source: None });
        }
        self.0.commit(batch).await?;
        Err(StoreError::OutcomeUnknown { message, source: None })
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.0.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    fn stats(&self) -> Stats {
        self.0.stats()
    }
}

fn world(working: Working) -> World {
    let engine = Arc::new(Failing(MemoryEngine::new(), working));
    World::over(engine, Quotas::default(), Settings::default())
}

/// A client tries again after a 5xx; what went wrong inside is for the log alone.
#[tokio::test]
async fn a_read_that_fails_is_an_internal_error_without_a_reason() {
    let world = world(Working::Nothing);
    let store = "arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
    let control = world.control("GET", "/2020-05-31/key-value-store").send().await;
    assert_snapshot!(control, @r#"
    503
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code><Message>CloudFront encountered an internal error. Please try again.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let data = world.data("GET", format!("/key-value-stores/{}", escaped(store))).send().await;
    assert_snapshot!(data, @r#"
    500
    content-type: application/json
    x-amzn-errortype: InternalServerException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000002

    {"Message":"Internal Server Error"}
    "#);
}

#[tokio::test]
async fn a_write_that_fails_or_may_have_failed_is_never_a_success() {
    for working in [Working::Reads, Working::Unheard] {
        let world = world(working);
        let create = world.control("POST", "/2020-05-31/key-value-store");
        let created = create.body(create_body("<Name>routes</Name>")).send().await;
        assert_eq!(
            created.refusal(),
            "503 ServiceUnavailable: CloudFront encountered an internal error. Please try again.",
            "{working:?}"
        );
        let expected = if working == Working::Unheard { 200 } else { 404 };
        let found = world.control("GET", "/2020-05-31/key-value-store/routes").send().await;
        assert_eq!(found.status, expected, "{working:?}");
    }
}
