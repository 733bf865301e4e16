//! Faults on purpose: what a request meets, and that everything else goes on.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::Full;
use insta::assert_snapshot;
use keyfront_api::control;
use keyfront_api::faults::{Listed, Unanswered};
use keyfront_api::import::{self, FetchError, ObjectAddress, ObjectSource};
use keyfront_api::{Peer, Settings};
use keyfront_domain::Quotas;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::Engine;
use serde_json::json;

use crate::fixture::{Answer, Call, STRANGER, Store, World, create_body};

/// The data plane's ETags of the versions 1 and 2, and the control plane's of version 1.
const FIRST: &str = "KVTVPDKIKX0DER";
const SECOND: &str = "KV3UN6WX5RRO2AG";
const CONTROL_FIRST: &str = "ETVPDKIKX0DER";

fn set(world: &World, rule: &str) -> Listed {
    world.api.set_fault(rule.parse().unwrap()).unwrap()
}

fn put<'w>(world: &'w World, store: &Store) -> Call<'w> {
    let body = json!({ "Value": "1" }).to_string();
    world.data("PUT", store.key_path("a")).if_match(FIRST).body(body)
}

fn update_comment<'w>(world: &'w World, store: &Store) -> Call<'w> {
    world.control("PUT", store.control_path()).if_match(CONTROL_FIRST).body(
        "<UpdateKeyValueStoreRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Comment>c</Comment>\
         </UpdateKeyValueStoreRequest>",
    )
}

/// What the next write of either plane is answered under a fault, after which both succeed.
async fn answers(fault: &str) -> [Answer; 2] {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, &format!("UpdateKeyValueStore={fault},count=1"));
    set(&world, &format!("PutKey={fault},count=1"));
    let answers = [update_comment(&world, &store).send().await, put(&world, &store).send().await];
    assert_eq!(world.api.context().faults.list(), []);
    // Nothing was applied: the ETags are still the first ones.
    assert_eq!(update_comment(&world, &store).send().await.status, 200);
    assert_eq!(put(&world, &store).send().await.header("etag"), SECOND);
    answers
}

#[tokio::test]
async fn a_conflict_is_answered_as_a_stale_etag_is() {
    let [control, data] = answers("conflict").await;
    assert_snapshot!(control, @r#"
    412
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>The request failed because it didn't meet the preconditions in one or more request-header fields.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(data, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ValidationException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"Pre-Condition failed during update of Key-Value-Store"}
    "#);
    let world = World::new();
    let store = world.store("routes").await;
    let stale = update_comment(&world, &store).if_match("ESTALE").send().await;
    assert_eq!(stale.refusal(), control.refusal());
    assert_eq!(put(&world, &store).if_match("KVSTALE").send().await.refusal(), data.refusal());
}

#[tokio::test]
async fn throttling_has_the_form_that_sdks_try_again() {
    let [control, data] = answers("throttle").await;
    assert_snapshot!(control, @r#"
    400
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(data, @r#"
    400
    content-type: application/json
    x-amzn-errortype: ThrottlingException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"Rate exceeded"}
    "#);
}

#[tokio::test]
async fn an_error_is_named_by_its_code() {
    let world = World::new();
    set(&world, "CreateKeyValueStore=error=EntitySizeLimitExceeded,count=1");
    let create =
        || world.control("POST", "/2020-05-31/key-value-store").body(create_body("<Name>routes</Name>"));
    assert_snapshot!(create().send().await, @r#"
    413
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>EntitySizeLimitExceeded</Code><Message>A fault that was set on purpose answers this request.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000001</RequestId></ErrorResponse>
    "#);
    let store = world.store("routes").await;
    set(&world, "PutKey=error=ServiceQuotaExceededException,count=1");
    assert_snapshot!(put(&world, &store).send().await, @r#"
    402
    content-type: application/json
    x-amzn-errortype: ServiceQuotaExceededException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"A fault that was set on purpose answers this request."}
    "#);
    // Of all operations those that can answer it.
    set(&world, "*=error=AccessDenied");
    assert_eq!(put(&world, &store).send().await.status, 403);
    assert_eq!(update_comment(&world, &store).send().await.status, 403);
    assert_eq!(world.control("GET", "/2020-05-31/public-key").send().await.status, 200);
}

#[tokio::test]
async fn an_internal_error_is_a_500() {
    let [control, data] = answers("internal-error").await;
    assert_snapshot!(control, @r#"
    500
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>The request processing has failed because of an unknown error, exception or failure.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(data, @r#"
    500
    content-type: application/json
    x-amzn-errortype: InternalServerException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"Internal Server Error"}
    "#);
}

#[tokio::test]
async fn a_service_that_is_not_available_is_a_503() {
    let [control, data] = answers("unavailable").await;
    assert_snapshot!(control, @r#"
    503
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code><Message>CloudFront encountered an internal error. Please try again.</Message></Error><RequestId>54947df8-0e9e-4471-a2f9-000000000003</RequestId></ErrorResponse>
    "#);
    assert_snapshot!(data, @r#"
    503
    content-type: application/json
    x-amzn-errortype: ServiceUnavailableException
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"Message":"The request has failed due to a temporary failure of the server."}
    "#);
}

#[tokio::test(start_paused = true)]
async fn latency_delays_its_own_requests_and_nobody_else() {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, "PutKey=latency,ms=60000");
    let began = tokio::time::Instant::now();
    let other = async {
        let answer = world.data("GET", store.data_path()).send().await;
        (answer, began.elapsed())
    };
    let (slow, (answer, took)) = tokio::join!(put(&world, &store).send(), other);
    assert_eq!((slow.status, began.elapsed().as_secs()), (200, 60));
    // It was answered in the meantime, and before the write was done.
    assert_eq!((answer.header("etag"), took), (FIRST, Duration::ZERO));
}

#[tokio::test]
async fn a_dropped_answer_leaves_its_write() {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, "PutKey=drop,count=1");
    let send = || world.api.handle(put(&world, &store).request().map(Full::new), Peer::default());
    let dropped = send().await;
    assert!(dropped.extensions().get::<Unanswered>().is_some());
    let again = send().await;
    assert!(again.extensions().get::<Unanswered>().is_none());
    // A client that tries again with the same ETag finds it stale: its own first attempt was carried out.
    assert_eq!(
        Answer::from(again).refusal(),
        "400 ValidationException: Pre-Condition failed during update of Key-Value-Store"
    );
    assert_eq!(world.pairs(&store).await, [("a".to_owned(), "1".to_owned())]);
}

/// Who may not do something learns nothing of faults, and does not use them up.
#[tokio::test]
async fn a_fault_comes_after_the_signature_and_the_policy() {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, "*=throttle,count=1");
    let unsigned = put(&world, &store).unsigned().send().await;
    let foreign = put(&world, &store).by(STRANGER).send().await;
    let limited = world.users.limit(r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"*"}"#);
    let denied = put(&world, &store).by(limited).send().await;
    let invalid = put(&world, &store).body("{}").send().await;
    for answer in [unsigned, foreign, denied, invalid] {
        assert!(!answer.refusal().contains("Rate exceeded"), "{answer}");
    }
    assert_eq!(world.api.context().faults.list()[0].hits, 0);
    assert_eq!(put(&world, &store).send().await.refusal(), "400 ThrottlingException: Rate exceeded");
}

#[tokio::test]
async fn a_fault_of_an_account_is_met_by_nobody_else() {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, &format!("*=unavailable,account={}", STRANGER.account));
    assert_eq!(put(&world, &store).send().await.status, 200);
    let stranger = world.control("GET", "/2020-05-31/key-value-store").by(STRANGER).send().await;
    assert_eq!(stranger.status, 503);
}

#[tokio::test]
async fn faults_are_counted_by_operation_and_kind() {
    let world = World::new();
    let store = world.store("routes").await;
    set(&world, "PutKey=throttle,count=2");
    set(&world, "*=provisioning,count=1");
    put(&world, &store).send().await;
    put(&world, &store).send().await;
    world.store("held").await;
    let text = world.api.metrics().render().await.unwrap();
    for expected in [
        r#"keyfront_faults_total{service="cloudfront-keyvaluestore",operation="PutKey",fault="throttle"} 2"#,
        r#"keyfront_faults_total{service="cloudfront",operation="CreateKeyValueStore",fault="provisioning"} 1"#,
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} is not in\n{text}");
    }
}

/// No object is ever asked for.
struct Nothing;

#[async_trait]
impl ObjectSource for Nothing {
    async fn fetch(&self, address: &ObjectAddress, _limit: u64) -> Result<Bytes, FetchError> {
        Err(FetchError::NotConfigured(address.bucket.clone()))
    }
}

fn run_imports(world: &World) {
    let orders = world.orders.lock().unwrap().take().unwrap();
    tokio::spawn(import::run(world.api.context().clone(), Arc::new(Nothing), orders));
}

/// The store's state on both planes, as soon as it is no longer PROVISIONING on the first.
async fn settled(world: &World, store: &Store) -> [String; 2] {
    loop {
        let mut changes = world.engine.watch(world.engine.stats().version).await.unwrap();
        let control = world.control("GET", store.control_path()).send().await.element("Status").to_owned();
        if control != "PROVISIONING" {
            let data = world.data("GET", store.data_path()).send().await.json()["Status"].clone();
            return [control, data.as_str().unwrap().to_owned()];
        }
        tokio::time::timeout(Duration::from_mins(1), changes.next()).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_stays_provisioning_on_both_planes_until_the_fault_is_removed() {
    let world = World::new();
    run_imports(&world);
    let id = set(&world, "CreateKeyValueStore=provisioning").id;
    let create = world.control("POST", "/2020-05-31/key-value-store");
    let created = create.body(create_body("<Name>held</Name>")).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: ETVPDKIKX0DER
    location: https://cloudfront.amazonaws.com/2020-05-31/key-value-store/arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>held</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>PROVISIONING</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore>
    "#);
    let store = Store { name: "held".to_owned(), arn: created.element("ARN").parse().unwrap() };
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    assert_snapshot!(world.control("GET", store.control_path()).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000003

    <?xml version="1.0"?>
    <KeyValueStore xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>held</Name><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><ARN>arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002</ARN><Status>PROVISIONING</Status><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime></KeyValueStore>
    "#);
    assert_snapshot!(world.data("GET", store.data_path()).send().await, @r#"
    200
    content-type: application/json
    etag: KVTVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000004

    {"ItemCount":0,"TotalSizeInBytes":0,"KvsARN":"arn:aws:cloudfront::111122223333:key-value-store/54947df8-0e9e-4471-a2f9-000000000002","Created":1795318292.042,"LastModified":1795318292.042,"Status":"PROVISIONING"}
    "#);
    assert_eq!(
        put(&world, &store).send().await.refusal(),
        "409 ConflictException: Key-Value-Store was not in expected state"
    );
    world.clock.advance(Duration::from_secs(30));
    assert_eq!(world.api.context().faults.remove(id).unwrap().hits, 1);
    assert_eq!(settled(&world, &store).await, ["READY", "READY"]);
    let ready = world.control("GET", store.control_path()).send().await;
    assert_eq!(ready.header("etag"), CONTROL_FIRST);
    assert_eq!(ready.element("LastModifiedTime"), "2026-11-22T03:32:02.042Z");
    // It is as if it had always been ready.
    assert_eq!(put(&world, &store).send().await.header("etag"), SECOND);
    world.store("next").await;
}

#[tokio::test(start_paused = true)]
async fn a_store_is_ready_after_the_time_of_the_fault() {
    let world = World::new();
    run_imports(&world);
    set(&world, "CreateKeyValueStore=provisioning,count=1,seconds=20");
    let store = world.store("held").await;
    let began = tokio::time::Instant::now();
    assert_eq!(settled(&world, &store).await, ["READY", "READY"]);
    assert_eq!(began.elapsed().as_secs(), 20);
    assert_eq!(world.api.context().faults.list(), []);
}

/// The race of code that creates a store and its function at once: AWS refuses for about half a minute.
#[tokio::test]
async fn a_function_waits_for_its_store_to_be_provisioned() {
    let world = World::new();
    run_imports(&world);
    let id = set(&world, "CreateKeyValueStore=provisioning").id;
    let store = world.store("held").await;
    let document = |root: &str, name: &str, association: &str| {
        format!(
            "<{root} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{name}<FunctionConfig><Comment/>\
             <Runtime>cloudfront-js-2.0</Runtime>{association}</FunctionConfig><FunctionCode>YQ==</FunctionCode>\
             </{root}>"
        )
    };
    let associated = format!(
        "<KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>{}\
         </KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations>",
        store.arn
    );
    let create = |name: &str, association: &str| {
        let name = format!("<Name>{name}</Name>");
        world.control("POST", "/2020-05-31/function").body(document(
            "CreateFunctionRequest",
            &name,
            association,
        ))
    };
    assert_eq!(create("without", "").send().await.status, 201);
    let update = || {
        let update = world.control("PUT", "/2020-05-31/function/without").if_match(CONTROL_FIRST);
        update.body(document("UpdateFunctionRequest", "", &associated))
    };
    let refused = format!(
        "400 InvalidArgument: The KeyValueStoreAssociationArn {} cannot be associated before the resource is \
         provisioned.",
        store.arn
    );
    assert_eq!(create("with", &associated).send().await.refusal(), refused);
    assert_eq!(update().send().await.refusal(), refused);
    world.api.context().faults.remove(id).unwrap();
    assert_eq!(settled(&world, &store).await, ["READY", "READY"]);
    assert_eq!(create("with", &associated).send().await.status, 201);
    assert_eq!(update().send().await.status, 200);
}

#[tokio::test]
async fn a_name_that_is_taken_leaves_the_fault_for_the_next() {
    let world = World::new();
    world.store("routes").await;
    let fault = set(&world, "CreateKeyValueStore=provisioning,count=1");
    let create = world.control("POST", "/2020-05-31/key-value-store");
    let taken = create.body(create_body("<Name>routes</Name>")).send().await;
    assert_eq!(taken.status, 409, "{taken}");
    assert_eq!(world.api.context().faults.list(), [fault]);
    let text = world.api.metrics().render().await.unwrap();
    assert!(!text.contains("fault=\"provisioning\""), "{text}");
    let next = world.store("next").await;
    let described = world.control("GET", next.control_path()).send().await;
    assert_eq!(described.element("Status"), "PROVISIONING");
}

#[tokio::test]
async fn a_store_that_is_deleted_leaves_no_fault_behind() {
    let world = World::new();
    set(&world, "CreateKeyValueStore=provisioning,count=1");
    let store = world.store("held").await;
    assert_eq!(world.api.context().faults.list().len(), 1);
    world.delete(&store).await;
    assert_eq!(world.api.context().faults.list(), []);
}

/// A restart forgets the fault, so nothing is left that could make the store ready but the restart itself.
#[tokio::test]
async fn a_store_that_was_held_back_is_ready_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let engine = RedbEngine::open(folder.path(), keyfront_engine_redb::Settings::default());
        let engine: Arc<dyn Engine> = Arc::new(engine.unwrap());
        World::over(engine, Quotas::default(), Settings::default())
    };
    let world = open();
    set(&world, "CreateKeyValueStore=provisioning");
    let store = world.store("held").await;
    world.stop().await;
    let world = open();
    let described = world.control("GET", store.control_path()).send().await;
    assert_eq!(described.element("Status"), "PROVISIONING");
    run_imports(&world);
    assert_eq!(settled(&world, &store).await, ["READY", "READY"]);
}

/// What a fault can hold back: every operation that makes or changes something with a state.
#[test]
fn the_operations_that_settle_are_those_that_change_what_has_a_state() {
    let settling = control::operations().filter(|handler| handler.settles).map(|handler| handler.name);
    let mut settling: Vec<_> = settling.collect();
    settling.sort_unstable();
    assert_snapshot!(settling.join("\n"), @"
    AssociateAlias
    AssociateDistributionTenantWebACL
    AssociateDistributionWebACL
    CopyDistribution
    CreateAnycastIpList
    CreateConnectionGroup
    CreateDistribution
    CreateDistributionTenant
    CreateDistributionWithTags
    CreateInvalidation
    CreateInvalidationForDistributionTenant
    CreateKeyValueStore
    CreateStreamingDistribution
    CreateStreamingDistributionWithTags
    CreateTrustStore
    CreateVpcOrigin
    DisassociateDistributionTenantWebACL
    DisassociateDistributionWebACL
    UpdateAnycastIpList
    UpdateConnectionGroup
    UpdateDistribution
    UpdateDistributionTenant
    UpdateDistributionWithStagingConfig
    UpdateDomainAssociation
    UpdateStreamingDistribution
    UpdateTrustStore
    UpdateVpcOrigin
    ");
}
