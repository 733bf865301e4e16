//! Objects: from the origin, from the cache, parts of them, errors in their place.

use http::Method;
use serde_json::json;

use crate::fixture::{HOST, Origin, Site, response};

#[tokio::test]
async fn an_object_comes_from_the_origin_once_and_from_the_cache_then() {
    let origin = Origin::start(|asked| response(200, &[("Content-Type", "text/plain")], &asked.target)).await;
    let site = Site::with(&origin, |_| {}).await;
    let miss = site.get("/a?x=1").await;
    assert_eq!(miss.short(), (200, "Miss", "/a"));
    assert_eq!(miss.header("age"), "");
    assert_eq!(miss.header("x-amz-cf-pop"), "FRA60-P1");
    assert_eq!(miss.header("x-amz-cf-id").len(), 56);
    assert!(miss.header("via").ends_with(".cloudfront.net (CloudFront)"), "{}", miss.header("via"));
    site.pass(7);
    // CachingOptimized has no query string in its key.
    let hit = site.get("/a?x=2").await;
    assert_eq!(hit.short(), (200, "Hit", "/a"));
    assert_eq!(hit.header("age"), "7");
    let asked = origin.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].headers["host"], "origin.example.com");
    assert_eq!(asked[0].headers["user-agent"], "Amazon CloudFront");
    assert_eq!(asked[0].headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(asked[0].headers["x-amz-cf-id"], miss.header("x-amz-cf-id"));
    assert_eq!(asked[0].headers["via"], miss.header("via"));
}

#[tokio::test]
async fn head_conditions_and_ranges_are_served_from_a_whole_object() {
    let origin = Origin::start(|_| response(200, &[("ETag", "\"v1\"")], "0123456789")).await;
    let site = Site::with(&origin, |_| {}).await;
    site.get("/a").await;
    let head = site.send(Method::HEAD, HOST, "/a", &[], "").await;
    assert_eq!((head.short(), head.header("content-length")), ((200, "Hit", ""), "10"));
    let same = site.get_with("/a", &[("If-None-Match", "\"v1\"")]).await;
    assert_eq!(same.short(), (304, "Hit", ""));
    let part = site.get_with("/a", &[("Range", "bytes=2-4")]).await;
    assert_eq!(part.short(), (206, "Hit", "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    let beyond = site.get_with("/a", &[("Range", "bytes=20-30")]).await;
    assert_eq!(beyond.status, 416);
    let parts = site.get_with("/a", &[("Range", "bytes=0-1,8-9")]).await;
    assert_eq!(parts.status, 206);
    assert!(parts.text().contains("Content-Range: bytes 8-9/10\r\n\r\n89\r\n"), "{}", parts.text());
    assert_eq!(origin.asked().len(), 1);
}

#[tokio::test]
async fn a_stale_object_is_asked_about_and_an_invalidated_one_fetched_anew() {
    let origin = Origin::start(|asked| {
        let headers = [("ETag", "\"v1\""), ("Cache-Control", "max-age=60")];
        let fresh = asked.headers.get("if-none-match").is_some_and(|etag| etag == "\"v1\"");
        response(if fresh { 304 } else { 200 }, &headers, if fresh { "" } else { "body" })
    })
    .await;
    let site = Site::with(&origin, |_| {}).await;
    assert_eq!(site.get("/a?x=1").await.short(), (200, "Miss", "body"));
    site.pass(61);
    assert_eq!(site.get("/a?x=1").await.short(), (200, "RefreshHit", "body"));
    // The query string is not in the key, so it is not in the name of the object.
    site.invalidate("I1", &["/b", "/a"]).await;
    assert_eq!(site.get("/a").await.short(), (200, "Miss", "body"));
    assert_eq!(site.get("/a").await.short(), (200, "Hit", "body"));
}

#[tokio::test]
async fn errors_of_origins_get_their_page_and_custom_error_pages_take_their_place() {
    let origin = Origin::start(|asked| match asked.target.as_str() {
        "/index.html" => response(200, &[("Content-Type", "text/html")], "app"),
        "/broken" => response(500, &[], "oops"),
        _ => response(404, &[], "none"),
    })
    .await;
    let site = Site::with(&origin, |config| {
        config["CustomErrorResponses"] = json!({ "Quantity": 1, "Items": [{
            "ErrorCode": 404, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 5,
        }]});
    })
    .await;
    assert_eq!(site.get("/some/page").await.short(), (200, "Error", "app"));
    assert_eq!(site.get("/broken").await.short(), (500, "Error", "oops"));
    assert_eq!(site.get("/index.html").await.short().2, "app");
}

#[tokio::test]
async fn an_origin_without_a_mapping_is_named_in_an_answer_that_is_not_cloudfronts() {
    let origin = Origin::start(|_| response(200, &[], "")).await;
    let site = Site::with(&origin, |config| {
        config["Origins"]["Items"][0]["DomainName"] = json!("api.example.org");
    })
    .await;
    let answer = site.get("/").await;
    assert_eq!(answer.header("server"), "Keyfront");
    assert_eq!(answer.header("x-cache"), "");
    assert!(answer.text().contains("--origin api.example.org="), "{}", answer.text());
}

#[tokio::test]
async fn methods_that_change_things_pass_with_their_body_where_the_behavior_allows_them() {
    let origin = Origin::start(|asked| {
        let body = String::from_utf8(asked.body.to_vec()).unwrap();
        response(201, &[], &format!("{} {body}", asked.method))
    })
    .await;
    let site = Site::with(&origin, |_| {}).await;
    let refused = site.send(Method::POST, HOST, "/a", &[], "x").await;
    assert_eq!((refused.status.as_u16(), refused.header("x-cache")), (403, "Error from cloudfront"));
    let site = Site::with(&origin, |config| {
        let all = ["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"];
        config["DefaultCacheBehavior"]["AllowedMethods"] = json!({ "Quantity": 7, "Items": all });
    })
    .await;
    let passed = site.send(Method::POST, HOST, "/a", &[], "x").await;
    assert_eq!(passed.short(), (201, "Miss", "POST x"));
}

#[tokio::test]
async fn the_conditions_of_a_write_are_the_origins_to_judge() {
    let origin = Origin::start(|_| response(200, &[("ETag", "\"new\"")], "written")).await;
    let site = Site::with(&origin, |config| {
        let all = ["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"];
        config["DefaultCacheBehavior"]["AllowedMethods"] = json!({ "Quantity": 7, "Items": all });
    })
    .await;
    let written = site.send(Method::PUT, HOST, "/a", &[("If-None-Match", "*")], "x").await;
    assert_eq!(written.short(), (200, "Miss", "written"));
}

#[tokio::test]
async fn an_error_page_is_asked_for_without_the_conditions_of_the_object() {
    let origin = Origin::start(|asked| match (asked.target.as_str(), asked.headers.get("if-none-match")) {
        ("/index.html", None) => response(200, &[("ETag", "\"v1\"")], "app"),
        ("/index.html", Some(_)) => response(304, &[], ""),
        _ => response(404, &[], "none"),
    })
    .await;
    let site = Site::with(&origin, |config| {
        // CachingDisabled: conditions reach the origin.
        config["DefaultCacheBehavior"]["CachePolicyId"] = json!("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
        config["CustomErrorResponses"] = json!({ "Quantity": 1, "Items": [{
            "ErrorCode": 404, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 5,
        }]});
    })
    .await;
    assert_eq!(site.get_with("/page", &[("If-None-Match", "\"v1\"")]).await.short(), (200, "Error", "app"));
}
