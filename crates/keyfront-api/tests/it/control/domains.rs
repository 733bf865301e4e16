//! The operations on domains of distributions and tenants through the whole pipeline.

use insta::assert_snapshot;
use serde_json::json;

use super::entities::{
    NO_IF_MATCH, NOT_FOUND, STALE, TENANTS, call, distribution, made_tenant, multi_tenant_distribution,
};
use super::resources::ZEROTH;
use super::{FIRST, SECOND};
use crate::fixture::{ADMIN, Call, STRANGER, World};

fn conflicts<'w>(world: &'w World, domain: &str, resource: &str, more: &str) -> Call<'w> {
    let elements = format!(
        "<Domain>{domain}</Domain><DomainControlValidationResource>{resource}</DomainControlValidationResource>{more}"
    );
    call(world, "POST", "/2020-05-31/domain-conflicts", "ListDomainConflictsRequest", &elements)
}

fn associate<'w>(world: &'w World, domain: &str, target: &str) -> Call<'w> {
    let elements = format!("<Domain>{domain}</Domain><TargetResource>{target}</TargetResource>");
    call(world, "POST", "/2020-05-31/domain-association", "UpdateDomainAssociationRequest", &elements)
}

fn of_tenant(id: &str) -> String {
    format!("<DistributionTenantId>{id}</DistributionTenantId>")
}

/// A world with a disabled distribution of the stranger's and one of the admin's with a certificate.
async fn world() -> World {
    let world = World::new();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    let certified = json!({
        "Enabled": true,
        "Aliases": { "Quantity": 1, "Items": ["own.example.com"] },
        "ViewerCertificate": { "ACMCertificateArn": "arn" },
    });
    distribution(&world, ADMIN, "EOWN", certified, &["own.example.com"]).await;
    let disabled = json!({ "Enabled": false, "Aliases": { "Quantity": 1, "Items": ["other.example.org"] } });
    distribution(&world, STRANGER, "EOTHERS", disabled, &["other.example.org"]).await;
    world
}

#[tokio::test]
async fn conflicts_are_the_domain_what_covers_it_and_what_it_covers() {
    let world = world().await;
    let id = made_tenant(&world, "shop", &["a.example.com"], "").await;
    made_tenant(&world, "wild", &["*.example.com"], "").await;
    let own = of_tenant(&id);
    assert_snapshot!(conflicts(&world, "*.example.com", &own, "").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <ListDomainConflictsResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><DomainConflicts><DomainConflicts><Domain>*.example.com</Domain><ResourceType>distribution-tenant</ResourceType><ResourceId>***************gJedyanY7XAlZJO</ResourceId><AccountId>******223333</AccountId></DomainConflicts><DomainConflicts><Domain>own.example.com</Domain><ResourceType>distribution</ResourceType><ResourceId>**WN</ResourceId><AccountId>******223333</AccountId></DomainConflicts></DomainConflicts></ListDomainConflictsResult>
    "#);
    let domains = |domain: &str| {
        let call = conflicts(&world, domain, &own, "");
        async move { call.send().await.elements("Domain").join(" ") }
    };
    assert_eq!(domains("a.example.com").await, "*.example.com");
    assert_eq!(domains("own.example.com").await, "*.example.com own.example.com");
    assert_eq!(domains("other.example.org").await, "other.example.org");
    assert_eq!(domains("free.example.org").await, "");
    let first = conflicts(&world, "*.example.com", &own, "<MaxItems>1</MaxItems>").send().await;
    assert_eq!(
        (first.elements("Domain"), first.element("NextMarker")),
        (vec!["*.example.com"], "*.example.com")
    );
    let rest = conflicts(&world, "*.example.com", &own, "<Marker>*.example.com</Marker>").send().await;
    assert_eq!(rest.elements("Domain"), ["own.example.com"]);
    let mut refusals = Vec::new();
    for resource in [
        "",
        "<DistributionId>E1</DistributionId><DistributionTenantId>dt_1</DistributionTenantId>",
        "<DistributionId>E9</DistributionId>",
        "<DistributionId>EOTHERS</DistributionId>",
    ] {
        refusals.push(conflicts(&world, "a.example.com", resource, "").send().await.refusal());
    }
    refusals.push(conflicts(&world, "localhost", &own, "").send().await.refusal());
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidArgument: The parameter DistributionId is invalid.
    400 InvalidArgument: The parameter DistributionId is invalid.
    404 EntityNotFound: The entity was not found.
    404 EntityNotFound: The entity was not found.
    400 InvalidArgument: The parameter Domain is invalid.
    ");
}

#[tokio::test]
async fn a_domain_moves_from_a_disabled_resource_to_another() {
    let world = world().await;
    let source = made_tenant(&world, "source", &["a.example.com", "b.example.com"], "").await;
    let target = made_tenant(&world, "target", &["c.example.com"], "").await;
    let to_target = || associate(&world, "a.example.com", &of_tenant(&target));
    assert_eq!(to_target().send().await.refusal(), NO_IF_MATCH);
    assert_eq!(to_target().if_match(FIRST).send().await.refusal(), STALE);
    let enabled = "400 IllegalUpdate: Alias move is not allowed since the source distribution is enabled";
    assert_eq!(to_target().if_match(ZEROTH).send().await.refusal(), enabled);
    let disable = "<Enabled>false</Enabled>";
    let disable =
        call(&world, "PUT", &format!("{TENANTS}/{source}"), "UpdateDistributionTenantRequest", disable);
    assert_eq!(disable.if_match(ZEROTH).send().await.status, 200);
    assert_snapshot!(to_target().if_match(ZEROTH).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-00000000000b

    <?xml version="1.0"?>
    <UpdateDomainAssociationResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Domain>a.example.com</Domain><ResourceId>dt_3MRfRUx74Z9ygJedyanY7XAlZJO</ResourceId></UpdateDomainAssociationResult>
    "#);
    let shown = |id: &str| {
        let call = world.control("GET", format!("{TENANTS}/{id}"));
        async move {
            let shown = call.send().await;
            format!("{} {}", shown.header("etag"), shown.elements("Domain").join(" "))
        }
    };
    assert_eq!(shown(&source).await, format!("{SECOND} b.example.com"));
    assert_eq!(shown(&target).await, format!("{FIRST} c.example.com a.example.com"));
    let found = world.control("GET", format!("{TENANTS}?domain=a.example.com")).send().await;
    assert_eq!(found.element("Id"), target);
    // Once more to the same: it is there, and nothing changes.
    assert_eq!(to_target().if_match(FIRST).send().await.header("etag"), FIRST);
}

#[tokio::test]
async fn a_domain_moves_between_kinds_and_accounts() {
    let world = world().await;
    let tenant = made_tenant(&world, "shop", &["a.example.com"], "<Enabled>false</Enabled>").await;
    let to_distribution = associate(&world, "a.example.com", "<DistributionId>EOWN</DistributionId>");
    let moved = to_distribution.if_match(ZEROTH).send().await;
    assert_eq!((moved.element("ResourceId"), moved.header("etag")), ("EOWN", FIRST), "{moved}");
    let shown = world.control("GET", format!("{TENANTS}/{tenant}")).send().await;
    assert_eq!(shown.elements("Domain"), [""; 0]);
    let from_stranger = associate(&world, "other.example.org", &of_tenant(&tenant));
    assert_eq!(from_stranger.if_match(FIRST).send().await.status, 200);
    let free = associate(&world, "free.example.org", &of_tenant(&tenant)).if_match(SECOND);
    assert_eq!(free.send().await.refusal(), NOT_FOUND);
    let unknown = associate(&world, "a.example.com", "<DistributionId>E9</DistributionId>").if_match(ZEROTH);
    assert_eq!(unknown.send().await.refusal(), NOT_FOUND);
    // A distribution without a certificate cannot have one.
    let bare = associate(&world, "other.example.org", "<DistributionId>E1</DistributionId>").if_match(ZEROTH);
    assert_eq!(bare.send().await.refusal(), "400 InvalidArgument: The parameter Domain is invalid.");
}

/// Compatibility decision: names are not resolved.
#[tokio::test]
async fn every_domain_of_a_tenant_is_configured() {
    let world = world().await;
    made_tenant(&world, "shop", &["a.example.com", "b.example.com"], "").await;
    let verify = |elements: &str| {
        call(
            &world,
            "POST",
            "/2020-05-31/verify-dns-configuration",
            "VerifyDnsConfigurationRequest",
            elements,
        )
    };
    assert_snapshot!(verify("<Identifier>shop</Identifier>").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <VerifyDnsConfigurationResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><DnsConfigurationList><DnsConfiguration><Domain>a.example.com</Domain><Status>valid-configuration</Status></DnsConfiguration><DnsConfiguration><Domain>b.example.com</Domain><Status>valid-configuration</Status></DnsConfiguration></DnsConfigurationList></VerifyDnsConfigurationResult>
    "#);
    let one = verify("<Domain>b.example.com</Domain><Identifier>shop</Identifier>").send().await;
    assert_eq!(one.elements("Domain"), ["b.example.com"]);
    let other = verify("<Domain>c.example.com</Domain><Identifier>shop</Identifier>").send().await;
    assert_eq!(other.refusal(), "400 InvalidArgument: The parameter Domain is invalid.");
    assert_eq!(verify("<Identifier>nothing</Identifier>").send().await.refusal(), NOT_FOUND);
}
