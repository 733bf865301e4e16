//! Tests of the rules of injected faults: how they are written, checked and met.

use keyfront_domain::arn::KeyValueStoreArn;

use super::*;
use crate::registry::Registry;

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const PUT: OperationName = OperationName { service: "cloudfront-keyvaluestore", operation: "PutKey" };
const GET: OperationName = OperationName { service: "cloudfront-keyvaluestore", operation: "GetKey" };
const CREATE: OperationName = OperationName { service: "cloudfront", operation: "CreateKeyValueStore" };

fn operations() -> Operations {
    Operations::of_models().unwrap()
}

fn rule(text: &str) -> Rule {
    text.parse::<NewRule>().unwrap().check(&operations()).unwrap()
}

fn mistake(text: &str) -> String {
    let rule = match text.parse::<NewRule>() {
        Ok(rule) => rule,
        Err(error) => return error.to_string(),
    };
    rule.check(&operations()).unwrap_err().to_string()
}

/// What the next requests meet: their answers as `x` for a refusal and `.` for none.
fn meets(faults: &Faults, operation: OperationName, requests: usize) -> String {
    let meet = |_request| faults.choose(operation, ACCOUNT, "id").error.map_or('.', |_refusal| 'x');
    (0..requests).map(meet).collect()
}

#[test]
fn a_rule_is_read_and_written_alike_in_both_forms() {
    for (line, json) in [
        ("PutKey=conflict", r#"{"Operation":"PutKey","Fault":"conflict"}"#),
        ("PutKey=throttle,count=2", r#"{"Operation":"PutKey","Fault":"throttle","Count":2}"#),
        (
            "UpdateKeys=internal-error,account=123456789012,share=0.25,seed=7",
            r#"{"Operation":"UpdateKeys","Fault":"internal-error","Account":"123456789012","Share":0.25,"Seed":7}"#,
        ),
        ("*=latency,ms=100", r#"{"Operation":"*","Fault":"latency","Ms":100}"#),
        (
            "CreateKeyValueStore=provisioning,seconds=5",
            r#"{"Operation":"CreateKeyValueStore","Fault":"provisioning","Seconds":5}"#,
        ),
        (
            "cloudfront:DescribeKeyValueStore=unavailable",
            r#"{"Operation":"cloudfront:DescribeKeyValueStore","Fault":"unavailable"}"#,
        ),
        (
            "CreateKeyValueStore=error=EntitySizeLimitExceeded,count=1",
            r#"{"Operation":"CreateKeyValueStore","Fault":"error","Error":"EntitySizeLimitExceeded","Count":1}"#,
        ),
        ("cloudfront-keyvaluestore:*=drop", r#"{"Operation":"cloudfront-keyvaluestore:*","Fault":"drop"}"#),
    ] {
        let written: NewRule = line.parse().unwrap();
        assert_eq!(written.to_string(), line);
        assert_eq!(serde_json::to_string(&written).unwrap(), json);
        assert_eq!(serde_json::from_str::<NewRule>(json).unwrap(), written);
        written.check(&operations()).unwrap();
    }
}

#[test]
fn a_rule_with_a_mistake_is_refused_with_what_to_write_instead() {
    for (text, expected) in [
        ("", r#""" is no rule; write it as OPERATION=FAULT, such as PutKey=throttle,count=2"#),
        ("PutKey", r#""PutKey" is no rule; write it as OPERATION=FAULT, such as PutKey=throttle,count=2"#),
        (
            "PutKey=slow",
            "there is no fault \"slow\"; there are conflict, throttle, internal-error, unavailable, latency, \
             provisioning, drop and error",
        ),
        ("PutKey=throttle,2", r#""2" is no setting; write it as NAME=VALUE, such as count=2"#),
        (
            "PutKey=throttle,times=2",
            r#"a rule has no setting "times"; it can have account, count, share, seed, ms and seconds"#,
        ),
        ("PutKey=throttle,count=1,count=2", "count is given twice"),
        ("PutKey=throttle,count=0", "count must be a whole number from 1"),
        ("PutKey=throttle,count=-1", "count must be a whole number from 1"),
        ("PutKey=throttle,share=0", "share must be a number above 0 and at most 1"),
        ("PutKey=throttle,share=1.5", "share must be a number above 0 and at most 1"),
        ("PutKey=throttle,share=NaN", "share must be a number above 0 and at most 1"),
        ("PutKey=throttle,share=half", "share must be a number above 0 and at most 1"),
        ("PutKey=throttle,share=0.5,seed=x", "seed must be a whole number"),
        ("PutKey=throttle,account=12", "account must be the twelve digits of an account"),
        (
            "PutKey=throttle,count=1,share=0.5",
            "a rule has count or share, not both: the next requests one by one, or a share of all of them",
        ),
        ("PutKey=throttle,seed=7", "seed makes the choice of a share repeatable, so it needs share"),
        ("PutKey=throttle,ms=5", "ms belongs to latency, not to throttle"),
        ("PutKey=latency,ms=5,seconds=5", "seconds belongs to provisioning, not to latency"),
        ("PutKey=latency", "latency needs ms, which must be a whole number from 1 to 3600000"),
        ("PutKey=latency,ms=0", "ms must be a whole number from 1 to 3600000"),
        ("PutKey=latency,ms=3600001", "ms must be a whole number from 1 to 3600000"),
        ("*=provisioning,seconds=86401", "seconds must be a whole number from 1 to 86400"),
        ("PutKeys=throttle", "there is no operation PutKeys; did you mean PutKey or UpdateKeys?"),
        ("putkey=throttle", "there is no operation putkey; did you mean PutKey?"),
        (
            "Nonsense=throttle",
            "there is no operation Nonsense; `keyfront operations --implemented` lists them",
        ),
        ("cloudfront:PutKey=throttle", "there is no operation cloudfront:PutKey; did you mean PutKey?"),
        (
            "s3:GetObject=throttle",
            "there is no service \"s3\"; there are cloudfront and cloudfront-keyvaluestore, as in `keyfront \
             operations`",
        ),
    ] {
        assert_eq!(mistake(text), expected, "{text}");
    }
}

#[test]
fn a_fault_that_its_operation_cannot_meet_is_refused_with_what_can_be() {
    for (text, expected) in [
        ("GetKey=conflict", "conflict cannot happen to GetKey; it can to Associate"),
        ("PutKey=provisioning", "provisioning cannot happen to PutKey; it can to AssociateAlias"),
    ] {
        let mistake = mistake(text);
        assert!(mistake.starts_with(expected), "{text}: {mistake}");
    }
}

#[test]
fn an_error_that_cannot_be_answered_is_refused() {
    for (text, expected) in [
        (
            "PutKey=error",
            "error needs the code of an error that the operation's model declares, such as error=AccessDenied",
        ),
        (
            "PutKey=throttle,error=x",
            r#"a rule has no setting "error"; it can have account, count, share, seed, ms and seconds"#,
        ),
        (
            "PutKey=error=Zzz",
            "no operation has the error Zzz; a code is written as the service's model has it, such as \
             EntitySizeLimitExceeded",
        ),
        (
            "PutKey=error=ValidationExeption",
            "no operation has the error ValidationExeption; did you mean ValidationException?",
        ),
        (
            "PutKey=error=EntityNotFound",
            "PutKey never answers EntityNotFound; its model declares AccessDeniedException, ConflictException, \
             InternalServerException, ResourceNotFoundException, ServiceQuotaExceededException and ValidationException",
        ),
    ] {
        assert_eq!(mistake(text), expected, "{text}");
    }
}

/// Every error that a client's code can have a handler for.
#[test]
fn every_error_that_a_model_declares_can_be_named() {
    for registered in Registry::new().unwrap().services() {
        for (operation, handler) in registered.operations() {
            for code in handler.into_iter().flat_map(|_| &operation.errors) {
                let rule =
                    rule(&format!("{}:{}=error={code}", registered.service.signing_name, operation.name));
                let Fault::Error(InjectedError::Declared(meant)) = rule.fault else { panic!("{rule:?}") };
                assert_eq!(registered.service.spell(meant).unwrap().name, *code);
            }
        }
    }
}

#[test]
fn json_with_a_name_that_is_not_known_is_refused() {
    for (json, named) in [
        (r#"{"Operation":"PutKey","Fault":"throttle","count":2}"#, "unknown field `count`"),
        (r#"{"Operation":"PutKey","Fault":"Throttle"}"#, "unknown variant `Throttle`"),
        (r#"{"Operation":"PutKey"}"#, "missing field `Fault`"),
    ] {
        let error = serde_json::from_str::<NewRule>(json).unwrap_err().to_string();
        assert!(error.contains(named), "{json}: {error}");
    }
}

#[test]
fn a_rule_covers_the_operations_that_it_names() {
    let describe = |service| OperationName { service, operation: "DescribeKeyValueStore" };
    let (control, data) = (describe("cloudfront"), describe("cloudfront-keyvaluestore"));
    for (text, covered) in [
        ("*=throttle", [true; 4]),
        ("PutKey=throttle", [true, false, false, false]),
        ("*=conflict", [true, false, false, false]),
        ("DescribeKeyValueStore=throttle", [false, false, true, true]),
        ("cloudfront:DescribeKeyValueStore=throttle", [false, false, true, false]),
        ("cloudfront-keyvaluestore:*=throttle", [true, true, false, true]),
    ] {
        assert_eq!([PUT, GET, control, data].map(|name| rule(text).covers(name, ACCOUNT)), covered, "{text}");
    }
    let other: AccountId = "123456789012".parse().unwrap();
    let rule = rule("PutKey=throttle,account=123456789012");
    assert!(rule.covers(PUT, other) && !rule.covers(PUT, ACCOUNT));
}

#[test]
fn a_count_chooses_the_next_requests_and_is_gone() {
    let faults = Faults::default();
    faults.set(rule("PutKey=throttle,count=2"));
    assert_eq!(meets(&faults, GET, 3), "...");
    assert_eq!(meets(&faults, PUT, 1), "x");
    let listed = faults.list();
    assert_eq!((listed[0].hits, listed[0].left), (1, Some(1)));
    assert_eq!(meets(&faults, PUT, 3), "x..");
    assert_eq!(faults.list(), []);
}

#[test]
fn a_share_chooses_the_same_requests_for_the_same_seed() {
    let draw = |text: &str| {
        let faults = Faults::default();
        faults.set(rule(text));
        meets(&faults, PUT, 1000)
    };
    let seven = draw("PutKey=throttle,share=0.25,seed=7");
    assert_eq!(draw("PutKey=throttle,share=0.25,seed=7"), seven);
    assert_ne!(draw("PutKey=throttle,share=0.25,seed=8"), seven);
    // A record of which requests failed relies on it.
    assert!(seven.starts_with(".x..xx.xx."), "{seven}");
    let hits = seven.matches('x').count();
    assert!((200..300).contains(&hits), "{hits}");
    assert_eq!(draw("PutKey=throttle,share=1"), "x".repeat(1000));
}

#[test]
fn a_share_without_a_seed_shows_the_one_that_it_got() {
    let faults = Faults::default();
    let listed = faults.set(rule("PutKey=throttle,share=0.5"));
    let met = meets(&faults, PUT, 100);
    let again = Faults::default();
    again.set(rule(&listed.rule));
    assert_eq!(meets(&again, PUT, 100), met, "{}", listed.rule);
}

/// Latencies add up; of everything else the first rule decides, and the others do not count the request.
#[test]
fn the_first_rule_decides_and_latencies_add_up() {
    let faults = Faults::default();
    for text in ["*=latency,ms=20", "PutKey=drop,count=1", "PutKey=throttle", "PutKey=latency,ms=5"] {
        faults.set(rule(text));
    }
    let latency = Duration::from_millis(25);
    let dropped = Injection { latency, error: None, unanswered: true };
    let refused = Injection { latency, error: Some(InjectedError::Throttle), unanswered: false };
    assert_eq!([(); 2].map(|()| faults.choose(PUT, ACCOUNT, "id")), [dropped, refused]);
    assert_eq!(faults.choose(GET, ACCOUNT, "id").latency, Duration::from_millis(20));
    let hits: Vec<_> = faults.list().into_iter().map(|listed| (listed.id, listed.hits)).collect();
    assert_eq!(hits, [(1, 3), (3, 1), (4, 2)]);
}

#[test]
fn a_rule_that_is_removed_is_met_no_more() {
    let faults = Faults::default();
    let ids = ["PutKey=throttle", "GetKey=throttle", "*=unavailable"].map(|text| faults.set(rule(text)).id);
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(faults.remove(3).unwrap().rule, "*=unavailable");
    assert_eq!(faults.remove(1).unwrap().rule, "PutKey=throttle");
    assert_eq!(faults.remove(1), None);
    assert_eq!((meets(&faults, PUT, 1), meets(&faults, GET, 1)), (".".to_owned(), "x".to_owned()));
    assert_eq!(faults.clear().len(), 1);
    assert_eq!((meets(&faults, GET, 1), faults.list()), (".".to_owned(), vec![]));
    assert_eq!(faults.set(rule("*=drop")).id, 4, "an id never comes back");
}

fn store(number: u128) -> Arn {
    KeyValueStoreArn { account: ACCOUNT, id: uuid::Uuid::from_u128(number) }.into()
}

/// Creates a store: whether it is held back.
fn creates(faults: &Faults, number: u128) -> bool {
    let holding = faults.hold(CREATE, store(number));
    let holds = holding.holds();
    holding.met();
    holds
}

/// Whether a runner that asks now must wait.
async fn waits(faults: &Faults, number: u128) -> bool {
    let store = store(number);
    let ready = faults.ready(&store);
    tokio::select! { biased; () = ready => false, () = std::future::ready(()) => true }
}

#[tokio::test]
async fn a_rule_that_is_used_up_stays_while_it_holds_back_a_store() {
    let faults = Faults::default();
    faults.set(rule("*=provisioning,count=2"));
    assert_eq!([1, 2, 3].map(|number| creates(&faults, number)), [true, true, false]);
    assert_eq!(faults.list()[0].left, Some(0));
    assert!(waits(&faults, 1).await && waits(&faults, 2).await && !waits(&faults, 3).await);
    // A store that was deleted.
    faults.release(&store(1));
    assert!(!waits(&faults, 1).await && waits(&faults, 2).await);
    faults.remove(1).unwrap();
    assert!(!waits(&faults, 2).await);
    assert_eq!(faults.list(), []);
}

#[tokio::test]
async fn a_store_that_is_not_created_gives_its_hit_back() {
    let faults = Faults::default();
    let set = faults.set(rule("*=provisioning,count=1"));
    let holding = faults.hold(CREATE, store(1));
    assert!(holding.holds() && !faults.hold(CREATE, store(2)).holds());
    drop(holding);
    assert_eq!(faults.list(), [set]);
    assert!(!waits(&faults, 1).await && creates(&faults, 2));
}

/// The runner waits already when the store is deleted.
#[tokio::test]
async fn a_runner_stops_waiting_for_a_store_that_was_deleted() {
    let faults = Faults::default();
    faults.set(rule("*=provisioning"));
    assert!(creates(&faults, 1));
    let one = store(1);
    let ((), ()) = tokio::join!(biased; faults.ready(&one), async { faults.release(&one) });
}

#[tokio::test(start_paused = true)]
async fn a_store_is_held_back_for_the_given_time() {
    let faults = Faults::default();
    faults.set(rule("*=provisioning,count=1,seconds=30"));
    assert!(creates(&faults, 1));
    let began = tokio::time::Instant::now();
    faults.ready(&store(1)).await;
    assert_eq!(began.elapsed().as_secs(), 30);
    assert_eq!(faults.list(), []);
}
