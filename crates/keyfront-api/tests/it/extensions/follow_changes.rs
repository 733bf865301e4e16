//! The change stream: who may follow, and whose changes travel.

use std::time::Duration;

use http::Response;
use http_body_util::Full;
use keyfront_api::Peer;
use keyfront_follow::{CONTENT_TYPE, Decoder, Frame, Subscription};

use crate::fixture::{Answer, STRANGER, User, World};

async fn follow(world: &World, query: &str, user: User) -> Response<bytes::Bytes> {
    let request = world.data("GET", format!("/keyfront/changes{query}")).by(user).request();
    world.api.handle(request.map(Full::new), Peer::default()).await
}

/// The frames of a stream up to the mark of its image.
async fn image(subscription: Subscription) -> Vec<Frame> {
    let (mut chunks, mut decoder, mut frames) = (subscription.open(), Decoder::default(), Vec::new());
    while !frames.iter().any(|frame| matches!(frame, Frame::Commit(_))) {
        let next = tokio::time::timeout(Duration::from_secs(20), chunks.next()).await;
        frames.extend(decoder.frames(&next.expect("nothing came").expect("the stream ended")).unwrap());
    }
    frames
}

#[tokio::test]
async fn following_needs_an_action_of_its_own() {
    let world = World::new();
    for (actions, allowed) in [
        (r#""keyfront:FollowChanges""#, true),
        (r#""keyfront:*""#, true),
        (r#""*""#, true),
        (r#""cloudfront:*","cloudfront-keyvaluestore:*""#, false),
        (r#""cloudfront-keyvaluestore:FollowChanges""#, false),
    ] {
        let statement = format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}"#);
        let answer = follow(&world, "", world.users.limit(&statement)).await;
        assert_eq!(answer.extensions().get::<Subscription>().is_some(), allowed, "{actions}");
        assert_eq!(answer.status().as_u16(), if allowed { 200 } else { 403 }, "{actions}");
    }
    let statement = r#"{"Effect":"Allow","Action":"cloudfront:*","Resource":"*"}"#;
    let refused = Answer::from(follow(&world, "", world.users.limit(statement)).await).refusal();
    assert_eq!(
        refused,
        "403 AccessDeniedException: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: \
         keyfront:FollowChanges on resource: * because no identity-based policy allows the keyfront:FollowChanges action"
    );
}

#[tokio::test]
async fn a_follower_gets_what_is_of_its_own_account() {
    let world = World::new();
    let store = world.store("routes").await;
    world.put(&store, &[("ours", "1")]).await;
    let answer = follow(&world, "", STRANGER).await;
    assert_eq!(answer.headers()["content-type"], CONTENT_TYPE);
    let frames = image(answer.extensions().get::<Subscription>().unwrap().clone()).await;
    let Some(Frame::Hello(hello)) = frames.first() else { panic!("{frames:?}") };
    assert_eq!(hello.account, STRANGER.account);
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::Entries(_))), "{frames:?}");
    let answer = follow(&world, "", crate::fixture::ADMIN).await;
    let frames = image(answer.extensions().get::<Subscription>().unwrap().clone()).await;
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Entries(_))), "{frames:?}");
}

#[tokio::test]
async fn a_position_is_taken_from_the_query_and_one_that_cannot_be_is_none() {
    let world = World::new();
    let timeline = "54947df8-0e9e-4471-a2f9-000000000007";
    for (query, version) in [
        (String::new(), None),
        (format!("?after=7&timeline={timeline}"), Some(7)),
        (format!("?timeline={timeline}"), None),
        (format!("?after=-1&timeline={timeline}"), None),
        (format!("?after=7&timeline={}", "x".repeat(36)), None),
    ] {
        let answer = follow(&world, &query, crate::fixture::ADMIN).await;
        let from = answer.extensions().get::<Subscription>().unwrap_or_else(|| panic!("{query}")).from;
        assert_eq!(from.map(|position| position.version.0), version, "{query}");
    }
    for query in ["?after=seven", "?timeline=short"] {
        assert_eq!(follow(&world, query, crate::fixture::ADMIN).await.status(), 400, "{query}");
    }
}
