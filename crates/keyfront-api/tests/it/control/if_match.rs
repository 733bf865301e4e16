//! The order in which an unknown resource and a missing ETag are refused, for the operations that are not of the table in
//! `resources`.

use super::distributions::DISTRIBUTIONS;
use super::resources::document;
use super::{STORES, update_body};
use crate::fixture::World;

/// That a resource is gone comes before what the request does not say of it, as it comes before a stale ETag (the provider
/// of Terraform tests what disappears with the ETag of before).
#[tokio::test]
async fn what_is_gone_is_refused_before_a_request_without_an_etag() {
    let world = World::new();
    let acl = "<WebACLArn>arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b</WebACLArn>";
    let copy = "<CallerReference>copy</CallerReference>";
    let distribution = "404 NoSuchDistribution: The specified distribution does not exist.";
    let entity = "404 EntityNotFound: The entity was not found.";
    let function = "404 NoSuchFunctionExists: The specified function does not exist.";
    for (method, path, body, refusal) in [
        ("POST", format!("{DISTRIBUTIONS}/E1/copy"), document("CopyDistributionRequest", copy), distribution),
        ("PUT", format!("{DISTRIBUTIONS}/E1/promote-staging-config"), String::new(), distribution),
        (
            "PUT",
            format!("{DISTRIBUTIONS}/E1/associate-web-acl"),
            document("AssociateDistributionWebACLRequest", acl),
            entity,
        ),
        ("PUT", format!("{DISTRIBUTIONS}/E1/disassociate-web-acl"), String::new(), entity),
        ("DELETE", format!("{DISTRIBUTIONS}/E1"), String::new(), distribution),
        ("DELETE", format!("{STORES}/none"), String::new(), entity),
        ("PUT", format!("{STORES}/none"), update_body("c"), entity),
        ("DELETE", "/2020-05-31/function/none".to_owned(), String::new(), function),
        ("POST", "/2020-05-31/function/none/publish".to_owned(), String::new(), function),
    ] {
        let call = || world.control(method, &path).body(body.clone());
        assert_eq!(call().send().await.refusal(), refusal, "{method} {path}");
        assert_eq!(call().if_match("").send().await.refusal(), refusal, "{method} {path}, an empty one");
    }
}
