//! What is there after the server was stopped and started again.

use std::path::Path;
use std::sync::Arc;

use keyfront_api::Settings;
use keyfront_domain::Quotas;
use keyfront_engine_redb::RedbEngine;

use crate::fixture::{World, create_body, escaped, tags};

fn open(folder: &Path) -> World {
    let engine = RedbEngine::open(folder, keyfront_engine_redb::Settings::default()).unwrap();
    World::over(Arc::new(engine), Quotas::default(), Settings::default())
}

#[tokio::test]
async fn everything_that_was_answered_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = open(folder.path());
    let create = world.control("POST", "/2020-05-31/key-value-store");
    let created =
        create.body(create_body(&format!("<Name>tagged</Name>{}", tags([("team", "edge")])))).send().await;
    let tagged = escaped(created.element("ARN"));
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1"), ("ü", "\u{1f680}")]).await;
    let deleted = world.store("deleted").await;
    world.delete(&deleted).await;
    let paths = [
        "/2020-05-31/key-value-store".to_owned(),
        "/2020-05-31/key-value-store/routes".to_owned(),
        "/2020-05-31/key-value-store/deleted".to_owned(),
        format!("/2020-05-31/key-value-store?Marker={}", deleted.arn.id),
        format!("/2020-05-31/tagging?Resource={tagged}"),
        store.data_path(),
        format!("{}/keys", store.data_path()),
        store.key_path("ü"),
        deleted.data_path(),
    ];
    let before = answers(&world, &paths).await;
    world.stop().await;
    let world = open(folder.path());
    assert_eq!(answers(&world, &paths).await, before);
    let second = world.put(&store, &[("b", "2")]).await;
    assert_eq!(second, keyfront_domain::etag::data_plane(3));
}

async fn answers(world: &World, paths: &[String]) -> Vec<(u16, String)> {
    let mut answers = Vec::new();
    for path in paths {
        let control = path.starts_with("/2020-05-31");
        let call = if control { world.control("GET", path) } else { world.data("GET", path) };
        let answer = call.send().await;
        // An error names the request, which is another one each time.
        let id = answer.header("x-amzn-requestid").to_owned();
        answers.push((answer.status, answer.body.replace(&id, "ID")));
    }
    answers
}
