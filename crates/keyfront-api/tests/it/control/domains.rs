//! The operations on domains of distributions and tenants through the whole pipeline.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::entities::{
    NO_IF_MATCH, NOT_FOUND, STALE, TENANTS, call, distribution, made_tenant, multi_tenant_distribution,
    tenant,
};
use super::resources::ZEROTH;
use super::{FIRST, SECOND};
use crate::fixture::{ADMIN, CERTIFICATE, Call, STRANGER, World};

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
    let origin = json!({
        "Id": "o",
        "DomainName": "origin.example.com",
        "CustomOriginConfig": { "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only" },
    });
    let config = |reference: &str, more: Value| {
        let mut config = json!({
            "CallerReference": reference,
            "Comment": "",
            "Enabled": true,
            "Origins": { "Quantity": 1, "Items": [origin] },
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "ViewerProtocolPolicy": "allow-all",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
        });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let certified = json!({
        "Aliases": { "Quantity": 1, "Items": ["own.example.com"] },
        "ViewerCertificate": { "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only" },
    });
    distribution(&world, ADMIN, "EOWN", config("own", certified), &["own.example.com"]).await;
    distribution(&world, ADMIN, "EBARE", config("bare", json!({})), &[]).await;
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
    let marker = "<Marker>a.example.org</Marker>";
    refusals.push(conflicts(&world, "*.example.com", &own, marker).send().await.refusal());
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidArgument: The parameter DistributionId is invalid.
    400 InvalidArgument: The parameter DistributionId is invalid.
    404 EntityNotFound: The entity was not found.
    404 EntityNotFound: The entity was not found.
    400 InvalidArgument: The parameter Domain is invalid.
    400 InvalidArgument: The parameter Marker is not valid.
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
    let bare = associate(&world, "own.example.com", "<DistributionId>EBARE</DistributionId>");
    assert!(bare.if_match(ZEROTH).send().await.refusal().starts_with("400 IllegalUpdate"));
    let disable = "<Enabled>false</Enabled>";
    let disable =
        call(&world, "PUT", &format!("{TENANTS}/{tenant}"), "UpdateDistributionTenantRequest", disable);
    assert_eq!(disable.if_match(SECOND).send().await.status, 200);
    let bare = associate(&world, "other.example.org", "<DistributionId>EBARE</DistributionId>");
    let refused = bare.if_match(ZEROTH).send().await.refusal();
    assert!(refused.starts_with("400 InvalidArgument: To add an alternate domain name (CNAME)"), "{refused}");
}

/// The certificate of a distribution has to cover what it gets; a tenant shows that its does not.
#[tokio::test]
async fn a_domain_that_a_certificate_does_not_cover_is_refused_or_inactive() {
    let world = world().await;
    let to_distribution = associate(&world, "other.example.org", "<DistributionId>EOWN</DistributionId>");
    let refused = to_distribution.if_match(ZEROTH).send().await.refusal();
    let expected = "400 InvalidArgument: The certificate that is attached to your distribution doesn't cover";
    assert!(refused.starts_with(expected), "{refused}");
    let certificate =
        format!("<Customizations><Certificate><Arn>{CERTIFICATE}</Arn></Certificate></Customizations>");
    let tenant = made_tenant(&world, "shop", &["a.example.com"], &certificate).await;
    let moved = associate(&world, "other.example.org", &of_tenant(&tenant)).if_match(ZEROTH).send().await;
    assert_eq!(moved.status, 200, "{moved}");
    let shown = world.control("GET", format!("{TENANTS}/{tenant}")).send().await;
    assert_eq!(shown.elements("Status"), ["active", "inactive", "Deployed"]);
}

/// A fault holds back what gets a domain, and what loses it is as it always is.
#[tokio::test]
async fn a_fault_keeps_what_gets_a_domain_in_progress() {
    let world = world().await;
    let source = made_tenant(&world, "source", &["a.example.com"], "<Enabled>false</Enabled>").await;
    let target = made_tenant(&world, "target", &["b.example.com"], "").await;
    world.api.set_fault("UpdateDomainAssociation=provisioning,count=1".parse().unwrap()).unwrap();
    let refused = associate(&world, "free.example.org", &of_tenant(&target)).if_match(ZEROTH).send().await;
    assert_eq!(refused.refusal(), NOT_FOUND);
    let moved = associate(&world, "a.example.com", &of_tenant(&target)).if_match(ZEROTH).send().await;
    assert_eq!(moved.status, 200, "{moved}");
    for (id, expected) in [(source, vec!["Deployed"]), (target, vec!["active", "active", "InProgress"])] {
        let shown = world.control("GET", format!("{TENANTS}/{id}")).send().await;
        assert_eq!(shown.elements("Status"), expected, "{shown}");
    }
}

/// A name that the service gave belongs to what it was given to.
#[tokio::test]
async fn the_name_of_a_connection_group_does_not_move() {
    let world = world().await;
    let tenant = made_tenant(&world, "shop", &["a.example.com"], "").await;
    let groups = call(&world, "POST", "/2020-05-31/connection-groups", "ListConnectionGroupsRequest", "");
    let endpoint = groups.send().await.element("RoutingEndpoint").to_owned();
    let disable = "<Enabled>false</Enabled>";
    let group = world.control("GET", format!("/2020-05-31/connection-group?RoutingEndpoint={endpoint}"));
    let group = group.send().await;
    let path = format!("/2020-05-31/connection-group/{}", group.element("Id"));
    let disable = call(&world, "PUT", &path, "UpdateConnectionGroupRequest", disable);
    assert_eq!(disable.if_match(group.header("etag")).send().await.status, 200);
    let moved = associate(&world, &endpoint, &of_tenant(&tenant)).if_match(ZEROTH).send().await;
    assert!(
        moved.refusal().starts_with("400 IllegalUpdate: The domain is associated with a resource"),
        "{moved}"
    );
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

/// A policy about a distribution speaks of what becomes a part of it, and of what is taken from it.
#[tokio::test]
async fn a_denied_distribution_gets_no_tenant_and_loses_no_alias() {
    let world = World::new();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    let certificate = json!({ "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only" });
    let alias = json!({ "Enabled": false, "Aliases": { "Quantity": 1, "Items": ["www.example.com"] } });
    distribution(&world, ADMIN, "E2", alias, &["www.example.com"]).await;
    distribution(&world, ADMIN, "E3", json!({ "ViewerCertificate": certificate }), &[]).await;
    let user = world.users.limit(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},
           {"Effect":"Deny","Action":"*","Resource":["arn:aws:cloudfront::*:distribution/E1","arn:aws:cloudfront::*:distribution/E2"]}"#,
    );
    let mut refusals = Vec::new();
    for call in [
        world.control("POST", TENANTS).body(tenant("E1", "shop", &["a.example.com"], "")),
        world.control("PUT", "/2020-05-31/distribution/E3/associate-alias?Alias=WWW.example.com"),
        associate(&world, "www.example.com", "<DistributionId>E3</DistributionId>"),
    ] {
        refusals.push(call.if_match(ZEROTH).by(user).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:CreateDistributionTenant on resource: arn:aws:cloudfront::111122223333:distribution/E1 with an explicit deny in an identity-based policy
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:AssociateAlias on resource: arn:aws:cloudfront::111122223333:distribution/E2 with an explicit deny in an identity-based policy
    403 AccessDenied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: cloudfront:UpdateDomainAssociation on resource: arn:aws:cloudfront::111122223333:distribution/E2 with an explicit deny in an identity-based policy
    ");
}
