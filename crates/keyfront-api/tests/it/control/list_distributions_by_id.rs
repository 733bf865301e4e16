//! The lists of the distributions that use a resource, by the id of that resource, through the whole pipeline.

use super::resources::{
    CACHE_POLICIES, ORIGIN_REQUEST_POLICIES, RESPONSE_HEADERS_POLICIES, cache_policy, made,
    origin_request_policy, page, response_headers_policy,
};
use super::vpc_origins::{VPC_ORIGINS, made as made_vpc_origin};
use crate::fixture::{STRANGER, World};

/// What lists: the path before the id, the word in ARNs, and the refusal of an unknown id.
struct Listed {
    path: &'static str,
    word: &'static str,
    absent: &'static str,
    in_use: &'static str,
}

const LISTED: [Listed; 4] = [
    Listed {
        path: "/2020-05-31/distributionsByCachePolicyId",
        word: "cache-policy",
        absent: "404 NoSuchCachePolicy: The specified cache policy does not exist.",
        in_use: "409 CachePolicyInUse: The specified cache policy is currently associated with a cache behavior. Please \
                 disassociate the policy before deleting.",
    },
    Listed {
        path: "/2020-05-31/distributionsByOriginRequestPolicyId",
        word: "origin-request-policy",
        absent: "404 NoSuchOriginRequestPolicy: The specified origin request policy does not exist.",
        in_use: "409 OriginRequestPolicyInUse: The specified origin request policy is currently associated with a cache \
                 behavior. Please disassociate the policy before deleting.",
    },
    Listed {
        path: "/2020-05-31/distributionsByResponseHeadersPolicyId",
        word: "response-headers-policy",
        absent: "404 NoSuchResponseHeadersPolicy: The specified response headers policy does not exist.",
        in_use: "409 ResponseHeadersPolicyInUse: The specified response headers policy is currently associated with a \
                 cache behavior. Please disassociate the policy before deleting.",
    },
    Listed {
        path: "/2020-05-31/distributionsByVpcOriginId",
        word: "vpcorigin",
        absent: "404 EntityNotFound: The specified vpc origin does not exist",
        in_use: "409 CannotDeleteEntityWhileInUse: The specified VPC origin is currently associated with one or more \
                 distributions. Please disassociate the VPC origin from all distributions before updating or deleting",
    },
];

/// A new resource of each kind, in the order of [`LISTED`]: where it is, its id and its ETag.
async fn made_all(world: &World) -> [(String, String, &'static str); 4] {
    let policies = [
        (CACHE_POLICIES, cache_policy("p")),
        (ORIGIN_REQUEST_POLICIES, origin_request_policy("p")),
        (RESPONSE_HEADERS_POLICIES, response_headers_policy("p")),
    ];
    let mut all = Vec::new();
    for (path, body) in policies {
        let id = made(world.control("POST", path).body(body)).await;
        all.push((format!("{path}/{id}"), id, super::resources::ZEROTH));
    }
    let id = made_vpc_origin(world, "p").await;
    all.push((format!("{VPC_ORIGINS}/{id}"), id, super::SECOND));
    all.try_into().unwrap()
}

#[tokio::test]
async fn what_a_distribution_uses_lists_it_and_cannot_be_deleted() {
    let world = World::new();
    for ((own_path, id, etag), listed) in made_all(&world).await.into_iter().zip(LISTED) {
        let list = |query: &str| {
            let call = world.control("GET", format!("{}/{id}{query}", listed.path));
            async move { page(&call.send().await, "DistributionId") }
        };
        assert_eq!(list("").await, "", "{id}");
        let arn = format!("arn:aws:cloudfront::111122223333:{}/{id}", listed.word);
        let users = [2, 1, 3].map(|number| format!("distribution/E{number}{}", listed.word.len()));
        for user in &users {
            world.refer(user, &arn).await;
        }
        let number = listed.word.len();
        assert_eq!(list("").await, format!("E1{number} E2{number} E3{number}"));
        assert_eq!(list("?MaxItems=2").await, format!("E1{number} E2{number} …"));
        assert_eq!(list(&format!("?Marker=E2{number}")).await, format!("E3{number}"));
        assert!(list("?Marker=x").await.starts_with("400 InvalidArgument: "));
        let delete = || world.control("DELETE", &own_path).if_match(etag);
        assert_eq!(delete().send().await.refusal(), listed.in_use);
        for user in &users {
            world.let_go(user).await;
        }
        assert!(delete().send().await.status < 300);
        assert_eq!(list("").await, listed.absent);
    }
}

#[tokio::test]
async fn what_another_account_has_is_not_there() {
    let world = World::new();
    for ((_, id, _), listed) in made_all(&world).await.into_iter().zip(LISTED) {
        let list = world.control("GET", format!("{}/{id}", listed.path)).by(STRANGER);
        assert_eq!(list.send().await.refusal(), listed.absent);
    }
}
