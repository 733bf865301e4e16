//! Tests of the admin address: routes, tokens and answers.

use http::Method;

use super::*;
use crate::bootstrap;
use crate::config::Config;

const TOKEN: &str = "test";

/// The admin address of a development server in memory, where tests may do everything.
async fn service() -> AdminService {
    let testing = TestingSettings { faults: true, snapshots: true };
    serve(Config { testing, ..Config::default() }).await
}

async fn serve(config: Config) -> AdminService {
    let names = Names::new(config.admin.listen, false, &config.server.names);
    AdminService::new(bootstrap::ephemeral_admin(config).await.unwrap(), names).unwrap()
}

async fn ask(service: &AdminService, method: &Method, path: &str, token: &str, body: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:4701")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Full::new(Bytes::from(body.to_owned())))
        .unwrap();
    let response = service.answer(request).await;
    let allow = response.headers().get(header::ALLOW).map(|allow| format!("{} ", allow.to_str().unwrap()));
    let (status, body) = (response.status().as_u16(), response.into_body());
    (status, allow.unwrap_or_default() + str::from_utf8(&body).unwrap())
}

/// The answer to one route after another, on one server.
#[tokio::test]
async fn every_route_is_answered_by_its_handler() {
    let service = service().await;
    let operator = service.admin.token.clone();
    let credential = r#"{"account":"123456789012","user":"u","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}"#;
    let policy = r#"{"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}"#;
    let key = r#","key":{"access_key_id":"chosen","secret_access_key":"chosen-secret"}}"#;
    let chosen = &format!("{}{key}", credential.strip_suffix('}').unwrap());
    let steps: &[(Method, &str, &str, &str, u16, &str)] = &[
        (Method::GET, "/health", "", "", 200, "\"ready\":true"),
        (Method::GET, "/health/ready", "", "", 200, "\"ready\":true"),
        (Method::GET, "/health/live", "", "", 200, "live\n"),
        (Method::GET, "/metrics", "", "", 200, "keyfront_build_info"),
        (Method::POST, "/backup", &operator, r#"{"folder":"/x"}"#, 409, "nothing on disk to copy"),
        (Method::POST, "/backup", &operator, "{", 400, "EOF"),
        (Method::GET, "/credentials", &operator, "", 200, "[]"),
        (Method::POST, "/credentials", &operator, "[]", 400, "invalid"),
        (Method::POST, "/credentials", &operator, credential, 201, "\"UserName\":\"u\""),
        (Method::POST, "/credentials", &operator, chosen, 201, "\"AccessKeyId\":\"chosen\""),
        (
            Method::POST,
            "/credentials",
            &operator,
            chosen,
            400,
            "there is a credential with this access key id",
        ),
        (Method::GET, "/credentials/chosen", &operator, "", 200, "\"Policy\":\"{"),
        (
            Method::PUT,
            "/credentials/chosen",
            &operator,
            r#"{"policy":"{}"}"#,
            400,
            "the policy is not accepted",
        ),
        (Method::PUT, "/credentials/chosen", &operator, policy, 200, "\"chosen\""),
        (Method::PUT, "/credentials/AKIANONE", &operator, policy, 404, "there is no credential AKIANONE"),
        (Method::GET, "/credentials/AKIANONE", &operator, "", 404, "there is no credential AKIANONE"),
        (Method::DELETE, "/credentials/AKIANONE", &operator, "", 404, "there is no credential AKIANONE"),
        (Method::POST, "/faults", TOKEN, r#"{"Operation":"GetKey","Fault":"throttle"}"#, 201, "\"Id\":1"),
        (Method::GET, "/faults", TOKEN, "", 200, "GetKey=throttle"),
        (Method::DELETE, "/faults/1", TOKEN, "", 200, "GetKey=throttle"),
        (Method::DELETE, "/faults/1", TOKEN, "", 404, "there is no fault 1"),
        (Method::DELETE, "/faults", TOKEN, "", 200, ""),
        (Method::POST, "/snapshots/first", TOKEN, "", 200, "\"Stores\":0"),
        (Method::POST, "/snapshots/.hidden", TOKEN, "", 400, "a snapshot's name has"),
        (Method::GET, "/snapshots", TOKEN, "", 200, "first"),
        (Method::POST, "/snapshots/first/restore", TOKEN, "", 200, "\"Stores\":0"),
        (Method::POST, "/snapshots/second/restore", TOKEN, "", 404, "second"),
        (Method::DELETE, "/snapshots/first", TOKEN, "", 200, "\"first\""),
        (Method::POST, "/reset", TOKEN, "", 200, ""),
    ];
    for (method, path, token, body, status, part) in steps {
        let (answered, text) = ask(&service, method, path, token, body).await;
        assert_eq!(answered, *status, "{method} {path}: {text}");
        assert!(text.contains(part), "{method} {path}: {text}");
    }
    let asked: std::collections::HashSet<_> = steps
        .iter()
        .map(|(method, path, ..)| match service.router.find(method, path) {
            Found::Route(route, _) => format!("{route:?}"),
            Found::WrongMethod(_) | Found::UnknownPath => panic!("{method} {path} has no route"),
        })
        .collect();
    for (_, path, route) in routes::ROUTES {
        assert!(asked.contains(&format!("{route:?}")), "{path} is not tried");
    }
}

#[tokio::test]
async fn what_is_not_open_wants_its_token() {
    let service = service().await;
    for (method, path, route) in routes::ROUTES {
        let path = path.replace("{id}", "1").replace("{name}", "x");
        let expected = match route.access() {
            Access::Open => 200,
            Access::Operator | Access::Testing(_) => 401,
        };
        for token in ["", "wrong"] {
            let (status, text) = ask(&service, &method, &path, token, "").await;
            assert_eq!(status, expected, "{method} {path}: {text}");
        }
        if route.access() == Access::Operator {
            let (status, text) = ask(&service, &method, &path, TOKEN, "").await;
            assert_eq!(status, 401, "the tests' token is not the operator's: {method} {path}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_for_tests_is_refused_where_the_configuration_does_not_allow_it() {
    let service = serve(Config::default()).await;
    for (method, path, setting) in [(Method::GET, "/faults", "faults"), (Method::POST, "/reset", "snapshots")]
    {
        let (status, text) = ask(&service, &method, path, TOKEN, "").await;
        assert_eq!(status, 403);
        assert!(text.contains(&format!("set {setting} = true in [testing]")), "{text}");
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_refused_with_what_there_is() {
    let service = service().await;
    for (method, path, status, part) in [
        (Method::POST, "/health", 405, "GET, HEAD This path does not have that method."),
        (Method::OPTIONS, "/faults", 405, "GET, POST, DELETE, HEAD "),
        (Method::GET, "/snapshots/x", 405, "POST, DELETE "),
        (Method::GET, "/snapshots/x/restore", 405, "POST "),
        (Method::GET, "/nothing", 404, "/health/live"),
        (Method::GET, "/", 404, "/health/live"),
        (Method::POST, "/snapshots/../reset", 400, "dot segments"),
        (Method::DELETE, "/credentials/.", 400, "dot segments"),
    ] {
        let (answered, text) = ask(&service, &method, path, TOKEN, "").await;
        assert_eq!(answered, status, "{method} {path}: {text}");
        assert!(text.contains(part), "{method} {path}: {text}");
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let service = service().await;
    let operator = service.admin.token.clone();
    let (status, text) =
        ask(&service, &Method::POST, "/credentials", &operator, &" ".repeat(MAX_BODY_BYTES + 1)).await;
    assert_eq!((status, text.as_str()), (400, "The body is too large or ended early.\n"));
}

#[tokio::test]
async fn every_route_answers_to_the_servers_own_names_alone() {
    let service = service().await;
    for (method, path, _) in routes::ROUTES {
        let request = Request::builder().method(method.clone()).uri(path.replace(['{', '}'], ""));
        let request =
            request.header(header::HOST, "evil.example:4701").body(Full::new(Bytes::new())).unwrap();
        assert_eq!(service.answer(request).await.status(), StatusCode::FORBIDDEN, "{method} {path}");
    }
}
