//! Functions at the edge.

use serde_json::{Value, json};

use crate::fixture::{Origin, Site, response};

fn associate(config: &mut Value, event_type: &str, arn: &str) {
    config["DefaultCacheBehavior"]["FunctionAssociations"] =
        json!({ "Quantity": 1, "Items": [{ "FunctionARN": arn, "EventType": event_type }] });
}

async fn site(origin: &Origin, event_type: &str, code: &str) -> Site {
    let site = Site::new(&[("origin.example.com", origin.address)]).await;
    let arn = site.put_function("f", code).await;
    let mut config = crate::fixture::distribution();
    associate(&mut config, event_type, &arn);
    site.put_distribution("E1", crate::fixture::HOST, &config).await;
    site
}

#[tokio::test]
async fn a_viewer_request_function_changes_requests_and_answers_them() {
    let origin = Origin::start(|asked| response(200, &[], &asked.target)).await;
    let code = "function handler(event) {
        if (event.request.uri === '/old') {
            return { statusCode: 302, headers: { location: { value: '/new' } }, body: 'gone' };
        }
        event.request.uri += 'index.html';
        return event.request;
    }";
    let site = site(&origin, "viewer-request", code).await;
    assert_eq!(site.get("/dir/").await.short(), (200, "Miss", "/dir/index.html"));
    let answer = site.get_with("/old", &[("x-keyfront-trace", "1")]).await;
    assert_eq!(answer.short(), (302, "FunctionGeneratedResponse", "gone"));
    assert_eq!((answer.header("location"), answer.header("server")), ("/new", "CloudFront"));
    assert!(answer.header("x-keyfront-trace").contains(r#""viewer_request":"answered with 302""#));
}

#[tokio::test]
async fn a_viewer_response_function_sees_the_response_and_changes_it() {
    let origin = Origin::start(|asked| {
        response(if asked.target == "/missing" { 404 } else { 200 }, &[("X-From", "origin")], "body")
    })
    .await;
    let code = "function handler(event) {
        event.response.headers['x-seen'] = { value: event.response.headers['x-from'].value + event.request.uri };
        return event.response;
    }";
    let site = site(&origin, "viewer-response", code).await;
    let answer = site.get("/a").await;
    assert_eq!((answer.short(), answer.header("x-seen")), ((200, "Miss", "body"), "origin/a"));
    // AWS: viewer-response functions do not run where the origin returned 400 or more.
    let answer = site.get("/missing").await;
    assert_eq!((answer.short(), answer.header("x-seen")), ((404, "Error", "body"), ""));
}

#[tokio::test]
async fn a_function_that_throws_or_breaks_a_rule_fails_its_request() {
    let origin = Origin::start(|_| response(200, &[], "")).await;
    let throws = site(&origin, "viewer-request", "function handler(event) { throw new Error('x'); }").await;
    let answer = throws.get("/").await;
    assert_eq!(answer.short().0, 503);
    assert_eq!(answer.header("x-cache"), "FunctionExecutionError from cloudfront");
    let code = "function handler(event) { event.request.headers['connection'] = { value: 'x' }; return event.request; }";
    let breaks = site(&origin, "viewer-request", code).await;
    let answer = breaks.get("/").await;
    assert_eq!(answer.short().0, 502);
    assert_eq!(answer.header("x-cache"), "FunctionValidationError from cloudfront");
    assert!(answer.text().contains("tried to add a disallowed header"), "{}", answer.text());
    assert_eq!(origin.asked().len(), 0);
}

#[tokio::test]
async fn a_viewer_cannot_remove_what_a_function_added() {
    let origin =
        Origin::start(|asked| response(200, &[], &format!("{:?}", asked.headers.get("x-user")))).await;
    let code = "function handler(event) { event.request.headers['x-user'] = { value: 'known' }; return event.request; }";
    let site = Site::new(&[("origin.example.com", origin.address)]).await;
    let arn = site.put_function("f", code).await;
    let mut config = crate::fixture::distribution();
    associate(&mut config, "viewer-request", &arn);
    // AllViewer forwards every header.
    config["DefaultCacheBehavior"]["OriginRequestPolicyId"] = json!("216adef6-5c7f-47e4-b989-5492eafa07d3");
    site.put_distribution("E1", crate::fixture::HOST, &config).await;
    let answer = site.get_with("/", &[("Connection", "x-user, close"), ("x-user", "forged")]).await;
    assert_eq!(answer.text(), "Some(\"known\")");
}

#[tokio::test]
async fn how_a_response_is_framed_is_not_for_a_function_to_say() {
    let origin = Origin::start(|_| response(200, &[], "0123456789")).await;
    let code = "function handler(event) {
        event.response.headers['content-length'] = { value: '3' };
        return event.response;
    }";
    let site = site(&origin, "viewer-response", code).await;
    let answer = site.get("/").await;
    assert_eq!((answer.header("content-length"), answer.text()), ("10", "0123456789"));
}
