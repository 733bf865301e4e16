//! Names and addresses: what is connected to, and what the settings forbid.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::Server;
use super::*;

/// Names with these addresses, the n-th time the n-th one.
fn look_up(addresses: &'static [&'static str]) -> LookUp {
    let asked = AtomicUsize::new(0);
    Arc::new(move |_host| {
        let address = addresses.get(asked.fetch_add(1, Ordering::SeqCst)).or(addresses.last()).copied();
        Box::pin(async move {
            let text = address.ok_or_else(|| io::Error::other("there is none"))?;
            Ok(text.split(' ').map(|address| address.parse().unwrap()).collect())
        })
    })
}

fn at_port(server: &Server) -> OriginDescription {
    let mut origin = description(NAME);
    origin.kind = OriginKind::Server(ServerOrigin {
        http_port: server.address.port(),
        https_port: 443,
        protocol: ProtocolPolicy::HttpOnly,
        ip_address_type: None,
    });
    origin
}

#[tokio::test]
async fn private_addresses_are_for_names_that_the_operator_allows() {
    let named = || PrivateOrigins::Only(vec![NAME.to_owned()]);
    let other = || PrivateOrigins::Only(vec!["other.example.com".to_owned()]);
    for (private_origins, reach_unmapped, addresses, expected) in [
        (PrivateOrigins::default(), true, &["127.0.0.1"], "Forbidden"),
        (PrivateOrigins::default(), true, &["::ffff:127.0.0.1"], "Forbidden"),
        (PrivateOrigins::default(), true, &["169.254.169.254"], "Forbidden"),
        (other(), true, &["127.0.0.1"], "Forbidden"),
        (named(), true, &["127.0.0.1"], "200"),
        (PrivateOrigins::All, true, &["127.0.0.1"], "200"),
        (PrivateOrigins::All, false, &["127.0.0.1"], "200"),
        // Of several addresses those are used that may be.
        (PrivateOrigins::All, false, &["1.1.1.1 127.0.0.1"], "200"),
        (PrivateOrigins::All, false, &["1.1.1.1"], "NotReachableHere"),
        (PrivateOrigins::All, false, &["2606:4700:4700::1111"], "NotReachableHere"),
    ] {
        let server = Server::answering(OK).await;
        let settings = OriginSettings { private_origins, reach_unmapped, ..OriginSettings::default() };
        let printed = format!("{settings:?} {addresses:?}");
        let origins = Origins::with_look_up(settings, clock(), look_up(addresses)).unwrap();
        let outcome = match asked(&origins, &plan(at_port(&server)), get("/")).await {
            Ok((status, _)) => status.to_string(),
            Err(failure) => format!("{failure:?}").split(['(', ' ']).next().unwrap().to_owned(),
        };
        assert_eq!(outcome, expected, "{printed}");
    }
}

#[tokio::test]
async fn an_origin_that_is_not_reached_says_which_setting_makes_it_so() {
    let settings = OriginSettings { reach_unmapped: false, ..OriginSettings::default() };
    let vpc = {
        let mut origin = description("internal.example.com");
        origin.kind = OriginKind::Vpc { id: "vo_abc".to_owned() };
        origin
    };
    let bucket = {
        let mut origin = description("photos.s3.eu-west-1.amazonaws.com");
        origin.kind = OriginKind::Bucket;
        origin
    };
    for (origin, words) in [
        (description(NAME), "--origin api.example.com=http://127.0.0.1:3000"),
        (vpc, "--origin vo_abc=http://127.0.0.1:3000"),
        (bucket, "--origin photos.s3.eu-west-1.amazonaws.com=./folder"),
    ] {
        let origins = Origins::with_look_up(settings.clone(), clock(), look_up(&[])).unwrap();
        let failure = asked(&origins, &plan(origin), get("/")).await.unwrap_err();
        assert!(matches!(failure, OriginFailure::NotReachableHere(_)), "{failure:?}");
        assert!(failure.to_string().contains(words), "{failure}");
        assert_eq!(failure.status(), 502);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_name_server_does_not_keep_the_hint_back() {
    let silent: LookUp = Arc::new(|_host| Box::pin(std::future::pending()));
    for (reach_unmapped, expected, seconds) in [(false, "NotReachableHere", 2), (true, "ConnectTimeout", 30)]
    {
        let settings = OriginSettings { reach_unmapped, ..OriginSettings::default() };
        let origins = Origins::with_look_up(settings, clock(), Arc::clone(&silent)).unwrap();
        let mut origin = description(NAME);
        origin.connection_attempts = 3;
        let start = tokio::time::Instant::now();
        let failure = asked(&origins, &plan(origin), get("/")).await.unwrap_err();
        assert_eq!(format!("{failure:?}").split('(').next(), Some(expected));
        assert_eq!(start.elapsed().as_secs(), seconds, "{expected}");
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_told_apart() {
    let origins = Origins::with_look_up(OriginSettings::default(), clock(), look_up(&[])).unwrap();
    let failure = asked(&origins, &plan(description(NAME)), get("/")).await.unwrap_err();
    assert_eq!(failure, OriginFailure::Resolve(NAME.to_owned()));
}

#[tokio::test]
async fn a_mapping_may_lead_anywhere_and_its_connections_are_its_own() {
    let server = Server::answering(OK).await;
    // The same address and port, once by a mapping and once by a name that is not allowed to be there.
    let settings =
        OriginSettings { mappings: mappings("mapped.example.com", &server), ..OriginSettings::default() };
    let origins = Origins::with_look_up(settings, clock(), look_up(&["127.0.0.1"])).unwrap();
    assert_eq!(asked(&origins, &plan(description("mapped.example.com")), get("/")).await, ok());
    let mut by_address = at_port(&server);
    by_address.domain_name = "127.0.0.1".to_owned();
    let failure = asked(&origins, &plan(by_address), get("/")).await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Forbidden { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_vpc_origin_is_mapped_by_its_id() {
    let server = Server::answering(OK).await;
    let settings = OriginSettings { mappings: mappings("vo_aBc", &server), ..OriginSettings::default() };
    let mut origin = description("internal.example.com");
    origin.kind = OriginKind::Vpc { id: "vo_aBc".to_owned() };
    assert_eq!(asked(&origins(settings), &plan(origin), get("/")).await, ok());
    assert!(server.request().contains("Host: internal.example.com"), "{}", server.request());
}

#[tokio::test]
async fn a_mapping_may_be_written_in_upper_case() {
    let server = Server::answering(OK).await;
    let settings =
        OriginSettings { mappings: mappings("API.Example.com", &server), ..OriginSettings::default() };
    assert_eq!(asked(&origins(settings), &plan(description(NAME)), get("/")).await, ok());
}
