//! Which distribution and behavior a request belongs to, and whether it is let in.

use http::Method;
use keyfront_domain::arn::ResourceKind;
use serde_json::json;

use crate::fixture::{HOST, Origin, Site, distribution, origin, response};

#[tokio::test]
async fn a_distribution_is_found_by_its_names() {
    let server = Origin::start(|_| response(200, &[], "found")).await;
    let site = Site::with(&server, |config| {
        config["Aliases"] = json!({ "Quantity": 2, "Items": ["www.example.com", "*.example.net"] });
    })
    .await;
    let table = [
        (HOST, "/", 200),
        ("WWW.Example.com:8080", "/", 200),
        ("a.example.net", "/", 200),
        ("e1.localhost", "/", 200),
        ("E1.localhost:4702", "/", 200),
        ("other.example", "/.keyfront/d/E1/x", 200),
        // The only distribution answers for this machine, in development.
        ("127.0.0.1", "/", 200),
        ("other.example", "/", 403),
        ("e2.localhost", "/", 403),
    ];
    for (host, path, status) in table {
        let answer = site.send(Method::GET, host, path, &[], "").await;
        assert_eq!(answer.status, status, "{host}{path}");
    }
}

/// AWS: "Use CloudFront continuous deployment".
#[tokio::test]
async fn a_staging_distribution_answers_for_its_primary_one_and_keeps_its_viewers() {
    let server = Origin::start(|asked| {
        let cookie = asked.headers.get("cookie").map_or("", |cookie| cookie.to_str().unwrap());
        response(200, &[], &format!("{}{}", asked.headers["host"].to_str().unwrap(), cookie))
    })
    .await;
    let site =
        Site::new(&[("origin.example.com", server.address), ("next.example.com", server.address)]).await;
    let (mut primary, mut staging) = (distribution(), distribution());
    primary["ContinuousDeploymentPolicyId"] = json!("P1");
    for config in [&mut primary, &mut staging] {
        // CachingDisabled, AllViewerExceptHostHeader
        config["DefaultCacheBehavior"]["CachePolicyId"] = json!("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
        config["DefaultCacheBehavior"]["OriginRequestPolicyId"] =
            json!("b689b0a8-53d0-40ab-baf2-68738e2966ac");
    }
    staging["Staging"] = json!(true);
    staging["Origins"]["Items"][0]["DomainName"] = json!("next.example.com");
    let policy = json!({
        "StagingDistributionDnsNames": { "Quantity": 1, "Items": ["d2.cloudfront.net"] },
        "Enabled": true,
        "TrafficConfig": { "Type": "SingleWeight", "SingleWeightConfig": {
            "Weight": 0.15, "SessionStickinessConfig": { "IdleTTL": 300, "MaximumTTL": 600 },
        } },
    });
    site.put(ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY, "P1", &policy, &json!({})).await;
    site.put_distribution("E2", "d2.cloudfront.net", &staging).await;
    site.put_distribution("E1", HOST, &primary).await;
    let direct = site.send(Method::GET, "d2.cloudfront.net", "/", &[], "").await;
    assert_eq!(direct.status, 403);
    assert_eq!(site.send(Method::GET, "e2.localhost", "/", &[], "").await.text(), "next.example.com");
    // One in seven is drawn, so that no thousand have none.
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..1000 {
        let answer = site.get("/").await;
        let session = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        seen.insert(answer.text().to_owned(), session);
        if seen.len() == 2 {
            break;
        }
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
    for (origin, session) in &seen {
        for _ in 0..20 {
            let answer = site.get_with("/", &[("Cookie", &format!("a=b; {session}"))]).await;
            assert_eq!(answer.text(), format!("{origin}a=b"));
        }
    }
    let session = &seen["next.example.com"];
    site.pass(299);
    let answer = site.get_with("/", &[("Cookie", session)]).await;
    assert_eq!(answer.text(), "next.example.com");
    assert!(answer.header("set-cookie").contains("Max-Age=300"), "{answer:?}");
}

#[tokio::test]
async fn changes_of_documents_change_what_they_touch_and_nothing_else() {
    let server = Origin::start(|asked| response(200, &[], &asked.target)).await;
    let site = Site::new(&[("origin.example.com", server.address)]).await;
    let serving = |path: &str, aliases: &[&str]| {
        let mut config = distribution();
        config["Origins"]["Items"][0]["OriginPath"] = json!(path);
        config["Aliases"] = json!({ "Quantity": aliases.len(), "Items": aliases });
        config
    };
    let other = "d2.cloudfront.net";
    site.put_distribution("E1", HOST, &serving("/1", &["a.example.com", "b.example.com"])).await;
    site.put_distribution("E2", other, &serving("/2", &["c.example.com"])).await;
    // Names pass from one to the other and back.
    site.put_distribution("E1", HOST, &serving("/1", &["b.example.com"])).await;
    site.put_distribution("E2", other, &serving("/2", &["a.example.com", "c.example.com"])).await;
    let get = async |host: &str, path: &str| site.send(Method::GET, host, path, &[], "").await;
    for (host, served) in [
        (HOST, "/1/a"),
        (other, "/2/a"),
        ("a.example.com", "/2/a"),
        ("b.example.com", "/1/a"),
        ("c.example.com", "/2/a"),
    ] {
        assert_eq!(get(host, "/a").await.text(), served, "{host}");
    }
    // What cannot be compiled is served as it was, until it can be.
    let mut broken = serving("/3", &["c.example.com"]);
    broken["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = json!("sometimes");
    site.put_distribution("E2", other, &broken).await;
    assert_eq!(get("a.example.com", "/b").await.text(), "/2/b");
    site.put_distribution("E2", other, &serving("/3", &["c.example.com"])).await;
    assert_eq!(get("c.example.com", "/c").await.text(), "/3/c");
    assert_eq!(get("a.example.com", "/c").await.status, 403);
}

#[tokio::test]
async fn the_first_behavior_whose_pattern_matches_answers() {
    let server = Origin::start(|asked| {
        response(200, &[], &format!("{}{}", asked.headers["host"].to_str().unwrap(), asked.target))
    })
    .await;
    let site =
        Site::new(&[("origin.example.com", server.address), ("api.example.com", server.address)]).await;
    let mut config = distribution();
    config["Origins"] = json!({ "Quantity": 2, "Items": [origin("o1", "origin.example.com"), origin("o2", "api.example.com")] });
    let mut behavior = config["DefaultCacheBehavior"].clone();
    behavior["PathPattern"] = json!("/api/*");
    behavior["TargetOriginId"] = json!("o2");
    config["CacheBehaviors"] = json!({ "Quantity": 1, "Items": [behavior] });
    config["DefaultRootObject"] = json!("index.html");
    site.put_distribution("E1", HOST, &config).await;
    for (path, answer) in [
        ("/api/x", "api.example.com/api/x"),
        ("/x", "origin.example.com/x"),
        ("/", "origin.example.com/index.html"),
        ("/a/../api/x", "api.example.com/a/../api/x"),
    ] {
        assert_eq!(site.get(path).await.text(), answer);
    }
}

#[tokio::test]
async fn http_is_sent_on_to_https_or_refused_as_the_policy_says() {
    let server = Origin::start(|_| response(200, &[], "")).await;
    let site = Site::with(&server, |config| {
        config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = json!("redirect-to-https");
    })
    .await;
    let answer = site.get("/a?b=c").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (301, "https://d1.cloudfront.net/a?b=c"));
    assert_eq!(answer.header("x-cache"), "Redirect from cloudfront");
    // Who named a port is sent to the one for HTTPS.
    let answer = site.send(Method::GET, "d1.cloudfront.net:4702", "/", &[], "").await;
    assert_eq!(answer.header("location"), "https://d1.cloudfront.net:4743/");
    let site = Site::with(&server, |config| {
        config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = json!("https-only");
    })
    .await;
    assert_eq!(site.get("/").await.status, 403);
}

#[tokio::test]
async fn limits_of_the_request_are_the_services() {
    let server = Origin::start(|_| response(200, &[], "")).await;
    let site = Site::with(&server, |_| {}).await;
    let longest = format!("/{}", "x".repeat(8191));
    assert_eq!(site.get(&format!("{longest}x")).await.status, 414);
    assert_eq!(site.get(&longest).await.status, 200);
    let many = "x".repeat(33_000);
    assert_eq!(site.get_with("/", &[("X-Much", &many)]).await.status, 494);
    // Their number is no limit of its own.
    let short: Vec<(String, &str)> = (0..8000).map(|number| (format!("h{number}"), "")).collect();
    let short: Vec<(&str, &str)> = short.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    for (count, status) in [(400, 200), (3000, 200), (4000, 494), (8000, 494)] {
        assert_eq!(site.get_with("/", &short[..count]).await.status, status, "{count}");
    }
    assert_eq!(site.send(Method::GET, HOST, "/", &[], "body").await.status, 403);
}

#[tokio::test]
async fn countries_are_let_in_as_the_restriction_says() {
    let server = Origin::start(|_| response(200, &[], "")).await;
    for (kind, country, status) in [
        ("whitelist", "DE", 200),
        ("whitelist", "FR", 403),
        ("blacklist", "DE", 403),
        ("blacklist", "FR", 200),
    ] {
        let site = Site::with(&server, |config| {
            config["Restrictions"]["GeoRestriction"] =
                json!({ "RestrictionType": kind, "Quantity": 1, "Items": [country] });
        })
        .await;
        assert_eq!(site.get("/").await.status, status, "{kind} {country}");
    }
}

#[tokio::test]
async fn a_behavior_with_key_groups_lets_no_unsigned_request_pass() {
    let server = Origin::start(|_| response(200, &[], "")).await;
    let site = Site::with(&server, |config| {
        config["DefaultCacheBehavior"]["TrustedKeyGroups"] =
            json!({ "Enabled": true, "Quantity": 1, "Items": ["K1"] });
    })
    .await;
    let answer = site.get("/").await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.text(),
        r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"#
    );
}

#[tokio::test]
async fn what_is_decided_is_told_to_a_developer_and_to_no_origin() {
    let server = Origin::start(|asked| response(200, &[], &format!("{:?}", asked.headers))).await;
    let site = Site::with(&server, |config| {
        // AllViewer forwards every header.
        config["DefaultCacheBehavior"]["OriginRequestPolicyId"] =
            json!("216adef6-5c7f-47e4-b989-5492eafa07d3");
    })
    .await;
    let answer = site.get_with("/a?b", &[("x-keyfront-explain", "1"), ("x-other", "1")]).await;
    let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((told["distribution"].as_str(), told["behavior"].as_str()), (Some("E1"), Some("*")));
    assert_eq!((told["cache_key"].as_str(), told["origin"].as_str()), (Some("/a"), Some("o1")));
    assert_eq!(told["origin_request"][0], "GET /a?b");
    assert_eq!(server.asked().len(), 0);
    let traced = site.get_with("/a", &[("x-keyfront-trace", "1"), ("x-other", "1")]).await;
    assert!(traced.header("x-keyfront-trace").contains(r#""cache":"Miss""#), "{:?}", traced.headers);
    assert!(
        traced.text().contains("x-other") && !traced.text().contains("keyfront-trace"),
        "{}",
        traced.text()
    );
    let refused = site.send(Method::GET, "other.example", "/", &[("x-keyfront-explain", "1")], "").await;
    let told: serde_json::Value = serde_json::from_slice(&refused.body).unwrap();
    assert_eq!(told["status"], 403);
}

#[tokio::test]
async fn the_authority_of_a_target_is_the_host_that_the_origin_sees() {
    // RFC 9112, 3.2.2: a proxy that gets a request with an absolute target ignores Host.
    let server = Origin::start(|asked| response(200, &[], asked.headers["host"].to_str().unwrap())).await;
    let site = Site::with(&server, |config| {
        config["DefaultCacheBehavior"]["OriginRequestPolicyId"] =
            json!("216adef6-5c7f-47e4-b989-5492eafa07d3");
    })
    .await;
    for (host, target) in
        [(HOST, "/x"), ("evil.example", "http://d1.cloudfront.net/y"), (HOST, "http://d1.cloudfront.net/z")]
    {
        let answer = site.send(Method::GET, host, target, &[], "").await;
        assert_eq!(answer.text(), HOST, "{host} {target}");
    }
}

#[tokio::test]
async fn the_id_in_a_path_does_not_lead_away_from_the_host_of_a_distribution() {
    let server = Origin::start(|asked| response(200, &[], &asked.target)).await;
    let site = Site::with(&server, |_| {}).await;
    site.put_distribution("E2", "d2.cloudfront.net", &distribution()).await;
    let answer = site.send(Method::GET, "d2.cloudfront.net", "/.keyfront/d/E1/x", &[], "").await;
    assert_eq!(answer.text(), "/.keyfront/d/E1/x");
}

#[tokio::test]
async fn a_distribution_that_cannot_be_compiled_is_served_as_it_was_until_it_can_be() {
    let server = Origin::start(|_| response(200, &[], "served")).await;
    let site = Site::with(&server, |_| {}).await;
    assert_eq!(site.get("/").await.text(), "served");
    let mut broken = distribution();
    broken["DefaultCacheBehavior"]["ViewerProtocolPolicy"] = json!("nonsense");
    site.put_distribution("E1", HOST, &broken).await;
    assert_eq!(site.get("/").await.text(), "served");
    let mut disabled = distribution();
    disabled["Enabled"] = json!(false);
    site.put_distribution("E1", HOST, &disabled).await;
    assert_eq!(site.get("/").await.status, 403);
}
