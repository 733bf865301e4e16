//! The operations on distribution tenants through the whole pipeline, with their full responses.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::distributions::{DISTRIBUTIONS, config, minimal};
use super::entities::{
    NO_IF_MATCH, NOT_DISABLED, NOT_FOUND, STALE, TENANTS, call, distribution, listing, made_tenant,
    multi_tenant_distribution, page, reconfigured, settle, slow_world, tenant,
};
use super::resources::{ZEROTH, document, made};
use super::{FIRST, SECOND};
use crate::fixture::{ADMIN, CERTIFICATE as DECLARED, Call, STRANGER, World};

const WEB_ACL: &str = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2";
const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111122223333:certificate/ec53f564-ea5a-4e4a-a0a2-e3c989449abc";

async fn world() -> World {
    let world = World::new();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    world
}

fn update<'w>(world: &'w World, id: &str, etag: &str, elements: &str) -> Call<'w> {
    let path = format!("{TENANTS}/{id}");
    call(world, "PUT", &path, "UpdateDistributionTenantRequest", elements).if_match(etag)
}

#[tokio::test]
async fn a_tenant_is_created_shown_and_listed() {
    let world = world().await;
    let more = "<Tags><Items><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags><Customizations><WebAcl>\
                <Action>disable</Action></WebAcl><GeoRestrictions><RestrictionType>whitelist</RestrictionType>\
                <Locations><Location>US</Location><Location>DE</Location></Locations></GeoRestrictions>\
                </Customizations><Parameters><member><Name>testParam</Name><Value>v</Value></member></Parameters>\
                <Enabled>false</Enabled>";
    let create = world.control("POST", TENANTS).body(tenant("E1", "shop", &["shop.example.com"], more));
    let created = create.send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000001

    <?xml version="1.0"?>
    <DistributionTenant xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><DistributionId>E1</DistributionId><Name>shop</Name><Arn>arn:aws:cloudfront::111122223333:distribution-tenant/dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Domains><member><Domain>shop.example.com</Domain><Status>active</Status></member></Domains><Tags><Items><Tag><Key>team</Key><Value>edge</Value></Tag></Items></Tags><Customizations><WebAcl><Action>disable</Action></WebAcl><GeoRestrictions><RestrictionType>whitelist</RestrictionType><Locations><Location>DE</Location><Location>US</Location></Locations></GeoRestrictions></Customizations><Parameters><member><Name>testParam</Name><Value>v</Value></member></Parameters><ConnectionGroupId>cg_3MRfRUx74Z9ygJedyanY7XAlZJL</ConnectionGroupId><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Enabled>false</Enabled><Status>InProgress</Status></DistributionTenant>
    "#);
    let path = format!("{TENANTS}/{}", created.element("Id"));
    assert_snapshot!(world.control("GET", path).send().await, @r#"
    200
    content-type: text/xml
    etag: E23ZP02F085DFQ
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000005

    <?xml version="1.0"?>
    <DistributionTenant xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><DistributionId>E1</DistributionId><Name>shop</Name><Arn>arn:aws:cloudfront::111122223333:distribution-tenant/dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Domains><member><Domain>shop.example.com</Domain><Status>active</Status></member></Domains><Customizations><WebAcl><Action>disable</Action></WebAcl><GeoRestrictions><RestrictionType>whitelist</RestrictionType><Locations><Location>DE</Location><Location>US</Location></Locations></GeoRestrictions></Customizations><Parameters><member><Name>testParam</Name><Value>v</Value></member></Parameters><ConnectionGroupId>cg_3MRfRUx74Z9ygJedyanY7XAlZJL</ConnectionGroupId><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><Enabled>false</Enabled><Status>Deployed</Status></DistributionTenant>
    "#);
    assert_snapshot!(listing(&world, "ListDistributionTenants", "").send().await, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <ListDistributionTenantsResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><DistributionTenantList><DistributionTenantSummary><Id>dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><DistributionId>E1</DistributionId><Name>shop</Name><Arn>arn:aws:cloudfront::111122223333:distribution-tenant/dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Arn><Domains><member><Domain>shop.example.com</Domain><Status>active</Status></member></Domains><ConnectionGroupId>cg_3MRfRUx74Z9ygJedyanY7XAlZJL</ConnectionGroupId><Customizations><WebAcl><Action>disable</Action></WebAcl><GeoRestrictions><RestrictionType>whitelist</RestrictionType><Locations><Location>DE</Location><Location>US</Location></Locations></GeoRestrictions></Customizations><CreatedTime>2026-11-22T03:31:32.042Z</CreatedTime><LastModifiedTime>2026-11-22T03:31:32.042Z</LastModifiedTime><ETag>E23ZP02F085DFQ</ETag><Enabled>false</Enabled><Status>Deployed</Status></DistributionTenantSummary></DistributionTenantList></ListDistributionTenantsResult>
    "#);
}

#[tokio::test]
async fn a_tenant_is_found_by_each_of_its_domains() {
    let world = world().await;
    let id = made_tenant(&world, "shop", &["a.example.com", "*.b.example.com"], "").await;
    let find = |domain: &str| world.control("GET", format!("{TENANTS}?domain={domain}"));
    for domain in ["a.example.com", "A.example.com", "*.b.example.com"] {
        let found = find(domain).send().await;
        assert_eq!((found.status, found.element("Id"), found.header("etag")), (200, id.as_str(), ZEROTH));
    }
    assert_eq!(find("c.b.example.com").send().await.refusal(), NOT_FOUND);
    assert_eq!(find("a.example.com").by(STRANGER).send().await.refusal(), NOT_FOUND);
}

/// The service's own example of an update sends parameters and customizations alone.
#[tokio::test]
async fn an_update_changes_what_it_names_and_keeps_the_rest() {
    let world = world().await;
    let parameter = |value: &str| {
        format!("<Parameters><member><Name>p</Name><Value>{value}</Value></member></Parameters>")
    };
    let id = made_tenant(&world, "shop", &["a.example.com"], &parameter("one")).await;
    let group = world.control("GET", format!("{TENANTS}/{id}")).send().await;
    let group = group.element("ConnectionGroupId").to_owned();
    let updated = update(&world, &id, ZEROTH, &parameter("two")).send().await;
    let members = ["Name", "Domain", "Value", "ConnectionGroupId", "Enabled"];
    let expected = ["shop", "a.example.com", "two", group.as_str(), "true"];
    assert_eq!(members.map(|member| updated.element(member)), expected);
    assert_eq!(updated.header("etag"), FIRST);
    let domains = "<Domains><member><Domain>b.example.com</Domain></member></Domains>";
    let updated = update(&world, &id, FIRST, domains).send().await;
    assert_eq!((updated.elements("Domain"), updated.element("Value")), (vec!["b.example.com"], "two"));
    // The domain that was given up is free.
    made_tenant(&world, "other", &["a.example.com"], "").await;
}

#[tokio::test]
async fn a_domain_is_one_resources_among_all_accounts() {
    let world = world().await;
    let config = json!({ "ConnectionMode": "tenant-only" });
    distribution(&world, STRANGER, "E2", config, &["taken.example.org"]).await;
    made_tenant(&world, "shop", &["a.example.com"], "").await;
    let create = |distribution: &str, name: &str, domain: &str| {
        world.control("POST", TENANTS).body(tenant(distribution, name, &[domain], ""))
    };
    let taken = "409 CNAMEAlreadyExists: One or more of the CNAMEs you provided are already associated with a \
                 different resource.";
    assert_eq!(create("E1", "two", "a.example.com").send().await.refusal(), taken);
    assert_eq!(create("E1", "two", "taken.example.org").send().await.refusal(), taken);
    assert_eq!(create("E2", "two", "a.example.com").by(STRANGER).send().await.refusal(), taken);
    assert_eq!(create("E2", "two", "*.example.com").by(STRANGER).send().await.refusal(), taken);
    assert_eq!(create("E1", "two", "*.example.com").send().await.outcome(), "201");
    let id = made(create("E1", "three", "c.example.com")).await;
    let domains = "<Domains><member><Domain>a.example.com</Domain></member></Domains>";
    assert_eq!(update(&world, &id, ZEROTH, domains).send().await.refusal(), taken);
}

#[tokio::test]
async fn a_tenant_needs_a_multi_tenant_distribution_and_its_required_parameters() {
    let world = World::new();
    let required = json!([{ "Name": "site", "Definition": { "StringSchema": { "Required": true } } }]);
    multi_tenant_distribution(&world, "E1", required).await;
    let direct = json!({ "ConnectionMode": "direct" });
    distribution(&world, ADMIN, "E2", direct, &[]).await;
    let site = "<Parameters><member><Name>site</Name><Value>s</Value></member></Parameters>";
    let group = "<ConnectionGroupId>cg_1</ConnectionGroupId>";
    let create = |id: &str, more: &str| {
        world.control("POST", TENANTS).body(tenant(id, "shop", &["a.example.com"], more))
    };
    let mut outcomes = Vec::new();
    for (distribution, more) in [
        ("E3", String::new()),
        ("E2", String::new()),
        ("E1", String::new()),
        ("E1", format!("{site}{group}")),
        ("E1", site.to_owned()),
    ] {
        outcomes.push(create(distribution, &more).send().await.outcome());
    }
    let id = listing(&world, "ListDistributionTenants", "").send().await.element("Id").to_owned();
    for elements in ["<DistributionId>E2</DistributionId>", "<Parameters></Parameters>"] {
        outcomes.push(update(&world, &id, ZEROTH, elements).send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    404 EntityNotFound: The entity was not found.
    409 InvalidAssociation: The specified CloudFront resource can't be associated.
    400 InvalidArgument: The parameter site is required.
    404 EntityNotFound: The entity was not found.
    201
    409 InvalidAssociation: The specified CloudFront resource can't be associated.
    400 InvalidArgument: The parameter site is required.
    ");
}

#[tokio::test]
async fn an_account_gets_its_default_group_with_its_first_multi_tenant_distribution() {
    let world = World::new();
    let groups = || async { page(&listing(&world, "ListConnectionGroups", "").send().await).0.len() };
    made(world.control("POST", DISTRIBUTIONS).body(config(&minimal("direct")))).await;
    assert_eq!(groups().await, 0);
    let mode = "<ConnectionMode>tenant-only</ConnectionMode><TenantConfig><ParameterDefinitions><member><Name>site\
                </Name><Definition><StringSchema><Required>true</Required></StringSchema></Definition></member>\
                </ParameterDefinitions></TenantConfig>";
    let multi_tenant = config(&format!("{}{mode}", minimal("multi-tenant")));
    let distribution = made(world.control("POST", DISTRIBUTIONS).body(multi_tenant)).await;
    assert_eq!(groups().await, 1);
    let create = |more: &str| {
        world.control("POST", TENANTS).body(tenant(&distribution, "shop", &["a.example.com"], more))
    };
    assert_eq!(create("").send().await.refusal(), "400 InvalidArgument: The parameter site is required.");
    let site = "<Parameters><member><Name>site</Name><Value>s</Value></member></Parameters>";
    assert_eq!(create(site).send().await.outcome(), "201");
    assert_eq!(groups().await, 1);
}

#[tokio::test]
async fn a_tenant_is_deleted_when_it_is_disabled_and_settled() {
    let world = slow_world();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    let id = made_tenant(&world, "shop", &["a.example.com"], "").await;
    let path = format!("{TENANTS}/{id}");
    let delete = |etag: &str| world.control("DELETE", &path).if_match(etag);
    let status = || async { world.control("GET", &path).send().await.elements("Status").join(" ") };
    assert_eq!(status().await, "active InProgress");
    settle(&world);
    assert_eq!(status().await, "active Deployed");
    assert_eq!(delete(ZEROTH).send().await.refusal(), NOT_DISABLED);
    update(&world, &id, ZEROTH, "<Enabled>false</Enabled>").send().await;
    assert_eq!(delete(FIRST).send().await.refusal(), NOT_DISABLED);
    settle(&world);
    assert_eq!(delete(FIRST).send().await.outcome(), "204");
    made_tenant(&world, "shop", &["a.example.com"], "").await;
}

#[tokio::test]
async fn tenants_are_listed_by_distribution_group_and_customization() {
    let world = world().await;
    multi_tenant_distribution(&world, "E2", json!([])).await;
    let customized = |customization: &str| format!("<Customizations>{customization}</Customizations>");
    let web_acl = format!("<WebAcl><Action>override</Action><Arn>{WEB_ACL}</Arn></WebAcl>");
    let certificate = format!("<Certificate><Arn>{DECLARED}</Arn></Certificate>");
    made_tenant(&world, "plain", &["a.example.com"], "").await;
    made_tenant(&world, "guarded", &["b.example.com"], &customized(&web_acl)).await;
    made_tenant(&world, "certified", &["c.example.com"], &customized(&certificate)).await;
    let other = tenant("E2", "other", &["d.example.com"], "");
    let other = world.control("POST", TENANTS).body(other).send().await;
    let group = other.element("ConnectionGroupId");
    let list = "ListDistributionTenants";
    let by = "ListDistributionTenantsByCustomization";
    for (operation, elements, expected) in [
        (
            list,
            "<AssociationFilter><DistributionId>E2</DistributionId></AssociationFilter>".to_owned(),
            "other",
        ),
        (
            list,
            format!("<AssociationFilter><ConnectionGroupId>{group}</ConnectionGroupId></AssociationFilter>"),
            "plain guarded certified other",
        ),
        (
            list,
            "<AssociationFilter><ConnectionGroupId>cg_1</ConnectionGroupId></AssociationFilter>".to_owned(),
            "",
        ),
        (by, format!("<WebACLArn>{WEB_ACL}</WebACLArn>"), "guarded"),
        (by, format!("<CertificateArn>{DECLARED}</CertificateArn>"), "certified"),
    ] {
        let (names, _) = page(&listing(&world, operation, &elements).send().await);
        assert_eq!(names.join(" "), expected, "{elements}");
    }
    let both = format!("<WebACLArn>{WEB_ACL}</WebACLArn><CertificateArn>{DECLARED}</CertificateArn>");
    let mut refusals = Vec::new();
    for elements in ["", both.as_str()] {
        refusals.push(listing(&world, by, elements).send().await.refusal());
    }
    assert_snapshot!(refusals.join("\n"), @"
    400 InvalidArgument: The parameter WebACLArn is required.
    400 InvalidArgument: The parameter WebACLArn is invalid.
    ");
}

#[tokio::test]
async fn a_web_acl_is_associated_and_taken_away() {
    let world = world().await;
    let id = made_tenant(&world, "shop", &["a.example.com"], "").await;
    let associate = |arn: &str| {
        let body =
            document("AssociateDistributionTenantWebACLRequest", &format!("<WebACLArn>{arn}</WebACLArn>"));
        world.control("PUT", format!("{TENANTS}/{id}/associate-web-acl")).body(body)
    };
    assert_eq!(associate(WEB_ACL).send().await.refusal(), NO_IF_MATCH);
    assert_eq!(associate(WEB_ACL).if_match(FIRST).send().await.refusal(), STALE);
    let regional = associate(&WEB_ACL.replace("global", "regional")).if_match(ZEROTH).send().await;
    assert_eq!(regional.refusal(), "400 InvalidArgument: Only global scoped ARNs are supported");
    assert_snapshot!(associate(WEB_ACL).if_match(ZEROTH).send().await, @r#"
    200
    content-type: text/xml
    etag: ETVPDKIKX0DER
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000008

    <?xml version="1.0"?>
    <AssociateDistributionTenantWebACLResult xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>dt_3MRfRUx74Z9ygJedyanY7XAlZJK</Id><WebACLArn>arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2</WebACLArn></AssociateDistributionTenantWebACLResult>
    "#);
    let shown = world.control("GET", format!("{TENANTS}/{id}")).send().await;
    assert_eq!((shown.element("Action"), shown.elements("Arn").contains(&WEB_ACL)), ("override", true));
    let disassociate = || world.control("PUT", format!("{TENANTS}/{id}/disassociate-web-acl"));
    assert_eq!(disassociate().if_match(ZEROTH).send().await.refusal(), STALE);
    let answer = disassociate().if_match(FIRST).send().await;
    assert_eq!((answer.element("Id"), answer.header("etag")), (id.as_str(), SECOND));
    let shown = world.control("GET", format!("{TENANTS}/{id}")).send().await;
    assert!(!shown.body.contains("Customizations"), "{shown}");
    let unknown = world.control("PUT", format!("{TENANTS}/dt_1/disassociate-web-acl")).if_match(ZEROTH);
    assert_eq!(unknown.send().await.refusal(), NOT_FOUND);
}

/// Compatibility decision, after what was seen of the service: a certificate that was issued serves a domain only once
/// the customizations name it.
#[tokio::test]
async fn a_managed_certificate_is_pending_then_issued_and_serves_once_it_is_named() {
    let world = slow_world();
    multi_tenant_distribution(&world, "E1", json!([])).await;
    let request = "<ManagedCertificateRequest><ValidationTokenHost>self-hosted</ValidationTokenHost>\
                   </ManagedCertificateRequest>";
    let id = made_tenant(&world, "shop", &["a.example.com"], request).await;
    let details = |id: &str| world.control("GET", format!("/2020-05-31/managed-certificate/{id}"));
    let pending = details(&id).send().await;
    assert_snapshot!(pending, @r#"
    200
    content-type: text/xml
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000006

    <?xml version="1.0"?>
    <ManagedCertificateDetails xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/54947df8-0e9e-4471-a2f9-000000000005</CertificateArn><CertificateStatus>pending-validation</CertificateStatus><ValidationTokenHost>self-hosted</ValidationTokenHost><ValidationTokenDetails><member><Domain>a.example.com</Domain><RedirectTo>validation.us-east-1.acm-validations.aws/111122223333/.well-known/pki-validation/54947df80e9e4471a2f9000000000005.txt</RedirectTo><RedirectFrom>a.example.com/.well-known/pki-validation/54947df80e9e4471a2f9000000000005.txt</RedirectFrom></member></ValidationTokenDetails></ManagedCertificateDetails>
    "#);
    let shown = |etag: &'static str| {
        let call = world.control("GET", format!("{TENANTS}/{id}"));
        async move {
            let shown = call.send().await;
            assert_eq!(shown.header("etag"), etag);
            shown.elements("Status").join(" ")
        }
    };
    assert_eq!(shown(ZEROTH).await, "inactive InProgress");
    settle(&world);
    let issued = details("shop").send().await;
    assert_eq!(issued.element("CertificateStatus"), "issued");
    let arn = issued.element("CertificateArn");
    assert_eq!(arn, pending.element("CertificateArn"));
    assert_eq!(shown(ZEROTH).await, "inactive Deployed");
    let named = format!("<Customizations><Certificate><Arn>{arn}</Arn></Certificate></Customizations>");
    let updated = update(&world, &id, ZEROTH, &named).send().await;
    assert_eq!(updated.elements("Status"), ["active", "InProgress"]);
    // It is still the certificate that was asked for.
    assert_eq!(details(&id).send().await.element("CertificateArn"), arn);
    made_tenant(&world, "plain", &["b.example.com"], "").await;
    assert_eq!(details("plain").send().await.refusal(), NOT_FOUND);
    assert_eq!(details("nothing").send().await.refusal(), NOT_FOUND);
}

/// Certificates of the operator's are declared, and others are not there. What a tenant has stays.
#[tokio::test]
async fn a_certificate_of_a_tenants_own_is_declared_and_covers_its_domains() {
    let world = world().await;
    let own =
        |arn: &str| format!("<Customizations><Certificate><Arn>{arn}</Arn></Certificate></Customizations>");
    let create = |name: &str, domain: &str, more: &str| {
        world.control("POST", TENANTS).body(tenant("E1", name, &[domain], more)).send()
    };
    let refused = create("shop", "a.example.com", &own(CERTIFICATE)).await.refusal();
    assert!(refused.starts_with("400 InvalidArgument: The specified SSL certificate"), "{refused}");
    for (name, domain, certificate, expected) in [
        ("covered", "a.example.com", own(DECLARED), "active"),
        ("uncovered", "a.b.example.com", own(DECLARED), "inactive"),
        ("plain", "a.example.org", String::new(), "active"),
    ] {
        let created = create(name, domain, &certificate).await;
        assert_eq!(created.elements("Status"), [expected, "InProgress"], "{created}");
    }
    let listed = listing(&world, "ListDistributionTenants", "").send().await;
    let statuses = ["active", "Deployed", "inactive", "Deployed", "active", "Deployed"];
    let mut shown = listed.elements("Status");
    shown.retain(|status| statuses.contains(status));
    assert_eq!(shown.iter().filter(|status| **status == "inactive").count(), 1, "{listed}");
    let id = create("kept", "b.example.com", &own(DECLARED)).await.element("Id").to_owned();
    let refused = update(&world, &id, ZEROTH, &own(CERTIFICATE)).send().await.refusal();
    assert!(refused.starts_with("400 InvalidArgument: The specified SSL certificate"), "{refused}");
    let updated = update(&world, &id, ZEROTH, &own(DECLARED)).send().await;
    assert_eq!(updated.status, 200, "{updated}");
}

/// A tenant without a certificate of its own is served with its distribution's.
#[tokio::test]
async fn the_certificate_of_a_distribution_covers_the_domains_of_its_tenants() {
    let world = World::new();
    let config = json!({
        "ConnectionMode": "tenant-only",
        "Enabled": true,
        "ViewerCertificate": { "ACMCertificateArn": DECLARED, "SSLSupportMethod": "sni-only" },
    });
    distribution(&world, ADMIN, "E1", config, &[]).await;
    let id = made_tenant(&world, "shop", &["a.example.com", "a.example.org"], "").await;
    let shown = world.control("GET", format!("{TENANTS}/{id}")).send().await;
    assert_eq!(shown.elements("Status"), ["active", "inactive", "Deployed"]);
    let domains = "<Domains><member><Domain>b.example.com</Domain></member></Domains>";
    let updated = update(&world, &id, ZEROTH, domains).send().await;
    assert_eq!(updated.elements("Status"), ["active", "InProgress"], "{updated}");
}

/// It is judged at each look, so tenants follow a distribution that gets another certificate.
#[tokio::test]
async fn another_certificate_of_a_distribution_shows_at_its_tenants() {
    let world = World::new();
    let config = |certificate: Value| json!({ "ConnectionMode": "tenant-only", "Enabled": true, "ViewerCertificate": certificate });
    distribution(&world, ADMIN, "E1", config(json!({ "CloudFrontDefaultCertificate": true })), &[]).await;
    let id = made_tenant(&world, "shop", &["a.example.com", "a.example.org"], "").await;
    let declared = config(json!({ "ACMCertificateArn": DECLARED, "SSLSupportMethod": "sni-only" }));
    for (change, expected) in [(None, "active active Deployed"), (Some(declared), "active inactive Deployed")]
    {
        if let Some(config) = change {
            reconfigured(&world, ADMIN, "E1", config).await;
        }
        let shown = world.control("GET", format!("{TENANTS}/{id}")).send().await;
        assert_eq!(shown.elements("Status").join(" "), expected);
        assert_eq!(shown.header("etag"), ZEROTH, "the tenant itself is the same");
        let listed = listing(&world, "ListDistributionTenants", "").send().await;
        assert_eq!(listed.elements("Status").join(" "), expected);
    }
}

#[tokio::test]
async fn a_tenant_has_invalidations_of_its_own() {
    let world = world().await;
    let id = made_tenant(&world, "shop", &["a.example.com"], "").await;
    let other = made_tenant(&world, "other", &["b.example.com"], "").await;
    let path = |tenant: &str| format!("{TENANTS}/{tenant}/invalidation");
    let batch = "<Paths><Quantity>1</Quantity><Items><Path>/a</Path></Items></Paths><CallerReference>r</CallerReference>";
    let create =
        |tenant: &str| world.control("POST", path(tenant)).body(document("InvalidationBatch", batch));
    let created = create(&id).send().await;
    assert_snapshot!(created, @r#"
    201
    content-type: text/xml
    location: https://cloudfront.amazonaws.com/2020-05-31/distribution-tenant/dt_3MRfRUx74Z9ygJedyanY7XAlZJK/invalidation/I3QWQEP5D66GS9
    x-amzn-requestid: 54947df8-0e9e-4471-a2f9-000000000007

    <?xml version="1.0"?>
    <Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I3QWQEP5D66GS9</Id><Status>InProgress</Status><CreateTime>2026-11-22T03:31:32.042Z</CreateTime><InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/a</Path></Items></Paths><CallerReference>r</CallerReference></InvalidationBatch></Invalidation>
    "#);
    let invalidation = created.element("Id");
    let get = |tenant: &str| world.control("GET", format!("{}/{invalidation}", path(tenant)));
    let shown = get(&id).send().await;
    assert_eq!((shown.status, shown.element("Status"), shown.element("Path")), (200, "Completed", "/a"));
    let listed = world.control("GET", path(&id)).send().await;
    assert_eq!((listed.elements("Id"), listed.element("Quantity")), (vec![invalidation], "1"));
    let absent = "404 NoSuchInvalidation: The specified invalidation does not exist.";
    assert_eq!(get(&other).send().await.refusal(), absent);
    for call in [create("dt_1"), get("dt_1"), world.control("GET", path("dt_1"))] {
        assert_eq!(call.send().await.refusal(), NOT_FOUND);
    }
}

#[tokio::test]
async fn what_a_tenant_may_not_be() {
    let world = world().await;
    let mut outcomes = Vec::new();
    for (name, domains, more) in [
        ("s", vec!["a.example.com"], ""),
        ("shop", vec![], ""),
        ("shop", vec!["localhost"], ""),
        ("shop", vec!["a.example.com", "a.example.com"], ""),
        (
            "shop",
            vec!["a.example.com"],
            "<Customizations><WebAcl><Action>none</Action></WebAcl></Customizations>",
        ),
        (
            "shop",
            vec!["a.example.com"],
            "<Customizations><Certificate><Arn>x</Arn></Certificate></Customizations>",
        ),
    ] {
        let create = world.control("POST", TENANTS).body(tenant("E1", name, &domains, more));
        outcomes.push(create.send().await.outcome());
    }
    assert_snapshot!(outcomes.join("\n"), @"
    400 MalformedXML: 1 validation error detected: Value 's' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][a-zA-Z0-9-.]{1,126}[a-zA-Z0-9]
    400 InvalidArgument: The parameter Domains is required.
    400 InvalidArgument: The parameter Domain is invalid.
    400 InvalidArgument: The parameter Domains is invalid.
    400 MalformedXML: 1 validation error detected: Value 'none' at 'customizations.webAcl.action' failed to satisfy constraint: Member must satisfy value set: [override, disable]
    400 InvalidArgument: The parameter Certificate is invalid.
    ");
}
