//! The operations on continuous deployment policies through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use keyfront_api::Settings;
use keyfront_domain::Quotas;
use keyfront_store::resources::Content;
use serde_json::json;

use super::distributions::{DISTRIBUTIONS, config, minimal, sent_back};
use super::resources::{ZEROTH, document, made, page};
use super::{FIRST, SECOND};
use crate::fixture::{Call, STRANGER, World};

const POLICIES: &str = "/2020-05-31/continuous-deployment-policy";
const ABSENT: &str = "404 NoSuchContinuousDeploymentPolicy: The continuous deployment policy doesn't exist.";
const WEIGHT: &str = "<TrafficConfig><SingleWeightConfig><Weight>0.1</Weight><SessionStickinessConfig><IdleTTL>300</IdleTTL>\
                      <MaximumTTL>600</MaximumTTL></SessionStickinessConfig></SingleWeightConfig><Type>SingleWeight</Type>\
                      </TrafficConfig>";

/// A world with the staging distributions `E1` and `E2`, whose domain names are `d1` and `d2`, and the distribution `E3`.
async fn world_with(quotas: Quotas) -> World {
    let world = World::with(quotas, Settings::default());
    for (id, staging) in [("1", true), ("2", true), ("3", false)] {
        let config = json!({ "Staging": staging, "ContinuousDeploymentPolicyId": "" });
        let content = Content {
            config: config.as_object().unwrap().clone(),
            domain_names: [format!("d{id}.cloudfront.net")].into(),
            ..Content::default()
        };
        world.put_resource(&format!("distribution/E{id}"), content).await;
    }
    world
}

async fn world() -> World {
    world_with(Quotas::default()).await
}

/// A policy for a staging distribution, by the label of its domain name.
fn policy(label: &str, traffic: &str) -> String {
    let elements = format!(
        "<StagingDistributionDnsNames><Quantity>1</Quantity><Items><DnsName>{label}.cloudfront.net</DnsName></Items>\
         </StagingDistributionDnsNames><Enabled>true</Enabled>{traffic}"
    );
    document("ContinuousDeploymentPolicyConfig", &elements)
}

fn create<'w>(world: &'w World, label: &str) -> Call<'w> {
    world.control("POST", POLICIES).body(policy(label, WEIGHT))
}

/// The policy that a staging distribution shows, and its version.
async fn shown(world: &World, id: &str) -> (String, u64) {
    let record = world.record(&format!("distribution/{id}")).await;
    (record.config["ContinuousDeploymentPolicyId"].as_str().unwrap().to_owned(), record.version)
}

#[tokio::test]
async fn a_policy_is_created_shown_and_listed() {
    let world = world().await;
    let created = create(&world, "d1").send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    location: https://cloudfront.amazonaws.com/2020-05-31/continuous-deployment-policy/54947df8-0e9e-4471-a2f9-000000000002
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <ContinuousDeploymentPolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ContinuousDeploymentPolicyConfig><StagingDistributionDnsNames><Quantity>1</Quantity><Items><DnsName>d1.cloudfront.net</DnsName></Items></StagingDistributionDnsNames><Enabled>true</Enabled><TrafficConfig><SingleWeightConfig><Weight>0.1</Weight><SessionStickinessConfig><IdleTTL>300</IdleTTL><MaximumTTL>600</MaximumTTL></SessionStickinessConfig></SingleWeightConfig><Type>SingleWeight</Type></TrafficConfig></ContinuousDeploymentPolicyConfig></ContinuousDeploymentPolicy>
    "#);
    let path = format!("{POLICIES}/{}", created.element("Id"));
    let whole = world.control("GET", &path).send().await;
    assert_eq!((whole.body, whole.headers["etag"].as_bytes()), (created.body.clone(), ZEROTH.as_bytes()));
    let alone = world.control("GET", format!("{path}/config")).send().await;
    assert_eq!((alone.status, alone.header("etag"), alone.element("Weight")), (200, ZEROTH, "0.1"));
    assert_snapshot!(world.control("GET", POLICIES).send().await.body, @r#"
    <?xml version="1.0"?>
    <ContinuousDeploymentPolicyList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><MaxItems>100</MaxItems><Quantity>1</Quantity><Items><ContinuousDeploymentPolicySummary><ContinuousDeploymentPolicy><Id>54947df8-0e9e-4471-a2f9-000000000002</Id><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ContinuousDeploymentPolicyConfig><StagingDistributionDnsNames><Quantity>1</Quantity><Items><DnsName>d1.cloudfront.net</DnsName></Items></StagingDistributionDnsNames><Enabled>true</Enabled><TrafficConfig><SingleWeightConfig><Weight>0.1</Weight><SessionStickinessConfig><IdleTTL>300</IdleTTL><MaximumTTL>600</MaximumTTL></SessionStickinessConfig></SingleWeightConfig><Type>SingleWeight</Type></TrafficConfig></ContinuousDeploymentPolicyConfig></ContinuousDeploymentPolicy></ContinuousDeploymentPolicySummary></Items></ContinuousDeploymentPolicyList>
    "#);
    for call in [world.control("GET", &path), world.control("DELETE", &path).if_match(ZEROTH)] {
        assert_eq!(call.by(STRANGER).send().await.refusal(), ABSENT);
    }
}

#[tokio::test]
async fn a_staging_distribution_shows_the_policy_that_names_it() {
    let world = world().await;
    let id = made(create(&world, "d1")).await;
    assert_eq!(shown(&world, "E1").await, (id.clone(), 1));
    let in_use = "409 StagingDistributionInUse: A continuous deployment policy for this staging distribution already \
                  exists.";
    assert_eq!(create(&world, "d1").send().await.refusal(), in_use);
    assert_eq!(create(&world, "D1").send().await.refusal(), in_use);
    let update = |label: &str, etag: &str| {
        world.control("PUT", format!("{POLICIES}/{id}")).if_match(etag).body(policy(label, WEIGHT))
    };
    // The same distribution again is no change for it.
    assert_eq!(update("d1", ZEROTH).send().await.status, 200);
    assert_eq!(shown(&world, "E1").await, (id.clone(), 1));
    assert_eq!(update("d2", FIRST).send().await.header("etag"), SECOND);
    assert_eq!(shown(&world, "E1").await, (String::new(), 2));
    assert_eq!(shown(&world, "E2").await, (id.clone(), 1));
    let other = made(create(&world, "d1")).await;
    assert_eq!(update("d1", SECOND).send().await.refusal(), in_use);
    assert_eq!(world.control("DELETE", format!("{POLICIES}/{id}")).if_match(SECOND).send().await.status, 204);
    assert_eq!(shown(&world, "E2").await, (String::new(), 2));
    assert_eq!(shown(&world, "E1").await.0, other);
}

#[tokio::test]
async fn a_policy_that_a_primary_distribution_has_is_kept() {
    let world = world().await;
    let id = made(create(&world, "d1")).await;
    let arn = format!("arn:aws:cloudfront::111122223333:continuous-deployment-policy/{id}");
    world.refer("distribution/E4", &arn).await;
    let delete = || world.control("DELETE", format!("{POLICIES}/{id}")).if_match(ZEROTH);
    let in_use = "409 ContinuousDeploymentPolicyInUse: You cannot delete a continuous deployment policy that is \
                  associated with a primary distribution.";
    assert_eq!(delete().send().await.refusal(), in_use);
    assert_eq!(shown(&world, "E1").await, (id.clone(), 1));
    world.let_go("distribution/E4").await;
    assert_eq!(delete().send().await.status, 204);
    assert_eq!(delete().send().await.refusal(), ABSENT);
}

#[tokio::test]
async fn what_a_policy_may_not_be() {
    let world =
        world_with(Quotas { continuous_deployment_policies_per_account: 1, ..Quotas::default() }).await;
    let mut outcomes = Vec::new();
    for body in [
        policy("d3", WEIGHT),
        policy("d4", WEIGHT),
        policy("d1", "").replace("<Quantity>1", "<Quantity>2"),
        document(
            "ContinuousDeploymentPolicyConfig",
            "<StagingDistributionDnsNames><Quantity>0</Quantity>\
                 </StagingDistributionDnsNames><Enabled>true</Enabled>",
        ),
        policy("d1", &WEIGHT.replace("0.1", "0.2")),
        policy("d1", &WEIGHT.replace("<IdleTTL>300", "<IdleTTL>601")),
        policy("d1", &WEIGHT.replace("<Type>SingleWeight", "<Type>SingleHeader")),
        policy("d1", &WEIGHT.replace("<Type>SingleWeight", "<Type>Double")),
        policy("d1", ""),
        policy("d2", WEIGHT),
    ] {
        outcomes.push(world.control("POST", POLICIES).body(body).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 InvalidArgument: The parameter StagingDistributionDnsNames is invalid.
    400 InvalidArgument: The parameter StagingDistributionDnsNames is invalid.
    400 InconsistentQuantities: The value of Quantity and the size of Items don't match.
    400 InvalidArgument: The parameter StagingDistributionDnsNames is required.
    400 InvalidArgument: The parameter Weight is invalid.
    400 InvalidArgument: The parameter IdleTTL is invalid.
    400 InvalidArgument: The parameter SingleHeaderConfig is required.
    400 MalformedXML: 1 validation error detected: Value 'Double' at 'continuousDeploymentPolicyConfig.trafficConfig.type' failed to satisfy constraint: Member must satisfy value set: [SingleWeight, SingleHeader]
    201
    400 TooManyContinuousDeploymentPolicies: You have reached the maximum number of continuous deployment policies for this Amazon Web Services account.
    ");
}

/// From the copy to the primary distribution and back: what one refers to stays, and both say so.
#[tokio::test]
async fn a_primary_distribution_gets_the_policy_of_its_staging_distribution() {
    let world = World::new();
    let primary = world.control("POST", DISTRIBUTIONS).body(config(&minimal("primary"))).send().await;
    let primary_path = format!("{DISTRIBUTIONS}/{}", primary.element("Id"));
    let copy = document(
        "CopyDistributionRequest",
        "<CallerReference>staging</CallerReference><Enabled>false</Enabled>",
    );
    let copy = world
        .control("POST", format!("{primary_path}/copy"))
        .if_match(ZEROTH)
        .header("staging", "true")
        .body(copy);
    let staging = copy.send().await;
    assert_eq!((staging.status, staging.element("Staging")), (201, "true"), "{staging}");
    let staging_path = format!("{DISTRIBUTIONS}/{}", staging.element("Id"));
    let label = staging.element("DomainName").split_once('.').unwrap().0.to_owned();
    let id = made(create(&world, &label)).await;

    let shown = world.control("GET", &staging_path).send().await;
    assert_eq!((shown.element("ContinuousDeploymentPolicyId"), shown.header("etag")), (id.as_str(), FIRST));
    let update = |path: &str, etag: &str, elements: String| {
        world.control("PUT", format!("{path}/config")).if_match(etag).body(config(&elements))
    };
    // A staging distribution cannot lose its policy by itself.
    let kept = sent_back(&shown);
    let lost = kept.replace(&id, "");
    assert_eq!(update(&staging_path, FIRST, lost).send().await.element("Code"), "IllegalUpdate");
    let delete = |path: &str, etag: &str| world.control("DELETE", path).if_match(etag);
    let in_use = "409 StagingDistributionInUse: The specified staging distribution is currently used by a continuous \
                  deployment policy. Please the update policy before deleting.";
    assert_eq!(delete(&staging_path, FIRST).send().await.refusal(), in_use);

    let policy_id = "<ContinuousDeploymentPolicyId></ContinuousDeploymentPolicyId>";
    let with_policy = policy_id.replace("></", &format!(">{id}</"));
    let attached = sent_back(&primary).replace(policy_id, &with_policy);
    let attached = update(&primary_path, ZEROTH, attached).send().await;
    assert_eq!((attached.status, attached.element("ContinuousDeploymentPolicyId")), (200, id.as_str()));
    let policy_path = format!("{POLICIES}/{id}");
    assert_eq!(delete(&policy_path, ZEROTH).send().await.element("Code"), "ContinuousDeploymentPolicyInUse");
    // What the policy does not support changes when the policy is disabled.
    let off = sent_back(&attached)
        .replace("<Enabled>true</Enabled><ViewerCertificate>", "<Enabled>false</Enabled><ViewerCertificate>");
    let refused =
        "400 IllegalUpdate: One or more fields updated are not supported for continuous deployment.";
    assert_eq!(update(&primary_path, FIRST, off.clone()).send().await.refusal(), refused);
    let policy = policy(&label, WEIGHT).replace("<Enabled>true", "<Enabled>false");
    let policy = world.control("PUT", &policy_path).if_match(ZEROTH).body(policy).send().await;
    assert_eq!(policy.status, 200, "{policy}");
    assert_eq!(update(&primary_path, FIRST, off.clone()).send().await.status, 200);
    let detached = off.replace(&with_policy, policy_id);
    assert_eq!(update(&primary_path, SECOND, detached).send().await.status, 200);
    assert_eq!(delete(&policy_path, FIRST).send().await.status, 204);
    let freed = world.control("GET", &staging_path).send().await;
    assert_eq!(freed.element("ContinuousDeploymentPolicyId"), "");
    assert_eq!(delete(&staging_path, freed.header("etag")).send().await.status, 204);
}

#[tokio::test]
async fn a_staging_distribution_that_a_policy_names_is_not_disabled() {
    let world = World::new();
    let primary = made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("primary")))).await;
    let copy = document("CopyDistributionRequest", "<CallerReference>staging</CallerReference>");
    let path = format!("{DISTRIBUTIONS}/{primary}/copy");
    let staging = world.control("POST", path).if_match(ZEROTH).body(copy).send().await;
    let path = format!("{DISTRIBUTIONS}/{}", staging.element("Id"));
    made(create(&world, staging.element("DomainName").split_once('.').unwrap().0)).await;
    let shown = world.control("GET", &path).send().await;
    let on = "<Enabled>true</Enabled><ViewerCertificate>";
    let down = config(&sent_back(&shown).replace(on, &on.replace("true", "false")));
    let update = world.control("PUT", format!("{path}/config")).if_match(FIRST).body(down);
    let in_use = "409 StagingDistributionInUse: The specified staging distribution is currently used by a continuous \
                  deployment policy. Please the update policy before deleting.";
    assert_eq!(update.send().await.refusal(), in_use);
}

#[tokio::test]
async fn policies_come_page_by_page() {
    let world = world().await;
    let mut ids = Vec::new();
    for label in ["d2", "d1"] {
        ids.push(made(create(&world, label)).await);
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let first = world.control("GET", format!("{POLICIES}?MaxItems=1")).send().await;
    assert_eq!(page(&first, "Id"), format!("{} …", ids[0]));
    let second = world.control("GET", format!("{POLICIES}?Marker={}", ids[0])).send().await;
    assert_eq!(page(&second, "Id"), ids[1]);
}

/// The primary distribution keeps what is its own, and the policy sends nothing to the staging distribution any more.
#[tokio::test]
async fn a_primary_distribution_takes_over_the_configuration_of_its_staging_distribution() {
    let world = World::new();
    let primary = world.control("POST", DISTRIBUTIONS).body(config(&minimal("primary"))).send().await;
    let primary = primary.element("Id").to_owned();
    let copy = document("CopyDistributionRequest", "<CallerReference>staging</CallerReference>");
    let path = format!("{DISTRIBUTIONS}/{primary}/copy");
    let staging = world.control("POST", path).if_match(ZEROTH).body(copy).send().await;
    let (staging, name) = (staging.element("Id").to_owned(), staging.element("DomainName").to_owned());
    let policy = made(create(&world, name.strip_suffix(".cloudfront.net").unwrap())).await;
    // The staging distribution has another comment, and the primary one the policy.
    for (id, etag, from, to) in [
        (&staging, FIRST, "<Comment></Comment>".to_owned(), "<Comment>next</Comment>".to_owned()),
        (
            &primary,
            ZEROTH,
            "<ContinuousDeploymentPolicyId></ContinuousDeploymentPolicyId>".to_owned(),
            format!("<ContinuousDeploymentPolicyId>{policy}</ContinuousDeploymentPolicyId>"),
        ),
    ] {
        let path = format!("{DISTRIBUTIONS}/{id}/config");
        let held = world.control("GET", &path).send().await;
        let updated =
            world.control("PUT", &path).if_match(etag).body(held.body.replace(&from, &to)).send().await;
        assert_eq!(updated.status, 200, "{updated}");
    }
    let promote = |etags: &str| {
        let path =
            format!("{DISTRIBUTIONS}/{primary}/promote-staging-config?StagingDistributionId={staging}");
        world.control("PUT", path).if_match(etags).send()
    };
    for (etags, status) in [("", 400), (ZEROTH, 412), (&*format!("{FIRST}, {FIRST}"), 412)] {
        assert_eq!(promote(etags).await.status, status, "{etags}");
    }
    let promoted = promote(&format!("{FIRST}, {SECOND}")).await;
    assert_eq!((promoted.status, promoted.element("Comment")), (200, "next"), "{promoted}");
    assert_eq!(promoted.element("CallerReference"), "primary");
    assert_eq!(promoted.element("ContinuousDeploymentPolicyId"), policy);
    let disabled = world.control("GET", format!("{POLICIES}/{policy}")).send().await;
    assert_eq!(disabled.element("Enabled"), "false");
}
