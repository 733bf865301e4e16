//! What the tests of configuration resources share, and what all of these resources have in common.

use super::{FIRST, SECOND};
use crate::fixture::{Answer, Call, STRANGER, World};

/// A fixture's PEM text, by the name of its file.
macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../../keyfront-testkit/fixtures/public-keys/", $name, ".pem"))
    };
}
pub(super) use pem;

pub(super) const RSA: &str = pem!("rsa-2048");
pub(super) const P256: &str = pem!("p-256");

pub(super) const PUBLIC_KEYS: &str = "/2020-05-31/public-key";
pub(super) const KEY_GROUPS: &str = "/2020-05-31/key-group";
pub(super) const PROFILES: &str = "/2020-05-31/field-level-encryption-profile";
pub(super) const CONFIGS: &str = "/2020-05-31/field-level-encryption";
pub(super) const ORIGIN_ACCESS_CONTROLS: &str = "/2020-05-31/origin-access-control";
pub(super) const CACHE_POLICIES: &str = "/2020-05-31/cache-policy";
pub(super) const ORIGIN_ACCESS_IDENTITIES: &str = "/2020-05-31/origin-access-identity/cloudfront";
pub(super) const ORIGIN_REQUEST_POLICIES: &str = "/2020-05-31/origin-request-policy";
pub(super) const RESPONSE_HEADERS_POLICIES: &str = "/2020-05-31/response-headers-policy";

/// The ETag of the version 0, with which newer kinds of resources begin.
pub(super) const ZEROTH: &str = "E23ZP02F085DFQ";

/// A document with a root in the service's namespace.
pub(super) fn document(root: &str, elements: &str) -> String {
    format!("<{root} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{elements}</{root}>")
}

/// A `PublicKeyConfig` whose caller reference is its name.
pub(super) fn public_key(name: &str, pem: &str) -> String {
    let elements =
        format!("<CallerReference>{name}</CallerReference><Name>{name}</Name><EncodedKey>{pem}</EncodedKey>");
    document("PublicKeyConfig", &elements)
}

/// A `KeyGroupConfig`.
pub(super) fn key_group(name: &str, keys: &[&str]) -> String {
    let keys = keys.iter().map(|id| format!("<PublicKey>{id}</PublicKey>")).collect::<Vec<_>>().concat();
    document("KeyGroupConfig", &format!("<Name>{name}</Name><Items>{keys}</Items>"))
}

/// A `FieldLevelEncryptionProfileConfig` whose caller reference is its name, with an entity per key.
pub(super) fn profile(name: &str, keys: &[(&str, &str)]) -> String {
    let entity = |(key, pattern): &(&str, &str)| {
        format!(
            "<EncryptionEntity><PublicKeyId>{key}</PublicKeyId><ProviderId>provider</ProviderId>\
             <FieldPatterns><Quantity>1</Quantity><Items><FieldPattern>{pattern}</FieldPattern></Items>\
             </FieldPatterns></EncryptionEntity>"
        )
    };
    let entities = keys.iter().map(entity).collect::<Vec<_>>().concat();
    let elements = format!(
        "<Name>{name}</Name><CallerReference>{name}</CallerReference><EncryptionEntities><Quantity>{}\
         </Quantity><Items>{entities}</Items></EncryptionEntities>",
        keys.len()
    );
    document("FieldLevelEncryptionProfileConfig", &elements)
}

/// A `FieldLevelEncryptionConfig` with a profile for forms, if there is one.
pub(super) fn config(reference: &str, profile: Option<&str>) -> String {
    let profile = profile.map(|id| format!("<ProfileId>{id}</ProfileId>")).unwrap_or_default();
    let elements = format!(
        "<CallerReference>{reference}</CallerReference><ContentTypeProfileConfig>\
         <ForwardWhenContentTypeIsUnknown>true</ForwardWhenContentTypeIsUnknown><ContentTypeProfiles>\
         <Quantity>1</Quantity><Items><ContentTypeProfile><Format>URLEncoded</Format>{profile}\
         <ContentType>application/x-www-form-urlencoded</ContentType></ContentTypeProfile></Items>\
         </ContentTypeProfiles></ContentTypeProfileConfig>"
    );
    document("FieldLevelEncryptionConfig", &elements)
}

/// An `OriginAccessControlConfig` for S3.
pub(super) fn origin_access_control(name: &str) -> String {
    let elements = format!(
        "<Name>{name}</Name><Description>for a test</Description><SigningProtocol>sigv4</SigningProtocol>\
         <SigningBehavior>always</SigningBehavior><OriginAccessControlOriginType>s3</OriginAccessControlOriginType>"
    );
    document("OriginAccessControlConfig", &elements)
}

/// A `CachePolicyConfig` with nothing but what must be there.
pub(super) fn cache_policy(name: &str) -> String {
    document("CachePolicyConfig", &format!("<Name>{name}</Name><MinTTL>1</MinTTL>"))
}

/// An `OriginRequestPolicyConfig` that forwards nothing.
pub(super) fn origin_request_policy(name: &str) -> String {
    let elements = format!(
        "<Name>{name}</Name><HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig><CookiesConfig>\
         <CookieBehavior>none</CookieBehavior></CookiesConfig><QueryStringsConfig><QueryStringBehavior>none\
         </QueryStringBehavior></QueryStringsConfig>"
    );
    document("OriginRequestPolicyConfig", &elements)
}

/// A `ResponseHeadersPolicyConfig` with nothing but what must be there.
pub(super) fn response_headers_policy(name: &str) -> String {
    document("ResponseHeadersPolicyConfig", &format!("<Name>{name}</Name>"))
}

/// A `CloudFrontOriginAccessIdentityConfig`.
pub(super) fn origin_access_identity(reference: &str, comment: &str) -> String {
    let elements = format!("<CallerReference>{reference}</CallerReference><Comment>{comment}</Comment>");
    document("CloudFrontOriginAccessIdentityConfig", &elements)
}

/// The id of a new resource.
pub(super) async fn made(call: Call<'_>) -> String {
    let answer = call.send().await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.element("Id").to_owned()
}

/// The id of a new public key.
pub(super) async fn made_key(world: &World, name: &str) -> String {
    made(world.control("POST", PUBLIC_KEYS).body(public_key(name, RSA))).await
}

/// The id of a new profile with a new key.
pub(super) async fn made_profile(world: &World, name: &str) -> String {
    let key = made_key(world, name).await;
    made(world.control("POST", PROFILES).body(profile(name, &[(&key, "field")]))).await
}

/// The elements of an answer's page, and whether there are more.
pub(super) fn page(answer: &Answer, element: &str) -> String {
    if answer.status != 200 {
        return answer.refusal();
    }
    let more = if answer.body.contains("<NextMarker>") { " …" } else { "" };
    format!("{}{more}", answer.elements(element).join(" "))
}

/// A resource in the tests that all of them pass.
struct Kind {
    path: &'static str,
    /// Where an update goes, after the id.
    update: &'static str,
    /// A document of this name, and what an update makes of it.
    body: fn(&str) -> String,
    changed: fn(&str) -> String,
    /// A document that cannot be beside the one of the same name.
    second: fn(&str) -> String,
    /// The codes of an unknown id, of a second one, and of one too many.
    absent: &'static str,
    exists: &'static str,
    too_many: &'static str,
    /// How many an account may have.
    quota: usize,
    /// The ETags of a new one and of a changed one.
    etags: [&'static str; 2],
    /// What lists the account's own alone.
    own: &'static str,
}

const KEY: &str = "$key";

/// Documents that refer to a key say `$key` in its place.
const KINDS: [Kind; 9] = [
    Kind {
        path: PUBLIC_KEYS,
        update: "/config",
        body: |name| public_key(name, RSA),
        changed: |name| public_key(name, RSA).replace("<Name>", "<Comment>changed</Comment><Name>"),
        second: |name| public_key(name, RSA),
        absent: "404 NoSuchPublicKey: The specified public key doesn't exist.",
        exists: "409 PublicKeyAlreadyExists: The name that you are using to create a CloudFront public key is \
                 associated with another public key in your account.",
        too_many: "400 TooManyPublicKeys: Processing your request will cause you to exceed the maximum number \
                   of CloudFront public keys allowed.",
        quota: 10,
        etags: [FIRST, SECOND],
        own: "",
    },
    Kind {
        path: KEY_GROUPS,
        update: "",
        body: |name| key_group(name, &[KEY]),
        changed: |name| key_group(name, &[KEY]).replace("<Items>", "<Comment>changed</Comment><Items>"),
        second: |name| key_group(name, &[KEY]),
        absent: "404 NoSuchResource: A resource that was specified is not valid.",
        exists: "409 KeyGroupAlreadyExists: A key group with this name already exists. You must provide a \
                 unique name. To modify an existing key group, use UpdateKeyGroup.",
        too_many: "400 TooManyKeyGroups: You have reached the maximum number of key groups for this Amazon Web \
                   Services account. For more information, see Quotas (formerly known as limits) in the Amazon \
                   CloudFront Developer Guide.",
        quota: 10,
        etags: [FIRST, SECOND],
        own: "",
    },
    Kind {
        path: PROFILES,
        update: "/config",
        body: |name| profile(name, &[(KEY, "a")]),
        changed: |name| profile(name, &[(KEY, "changed")]),
        second: |name| profile(name, &[(KEY, "a")]),
        absent: "404 NoSuchFieldLevelEncryptionProfile: The specified profile for field-level encryption \
                 doesn't exist.",
        exists: "409 FieldLevelEncryptionProfileAlreadyExists: The specified profile for field-level encryption \
                 already exists.",
        too_many: "400 TooManyFieldLevelEncryptionProfiles: The maximum number of profiles for field-level \
                   encryption have been created.",
        quota: 10,
        etags: [FIRST, SECOND],
        own: "",
    },
    Kind {
        path: CONFIGS,
        update: "/config",
        body: |name| config(name, None),
        changed: |name| {
            config(name, None)
                .replace("<ContentTypeProfileConfig>", "<Comment>changed</Comment><ContentTypeProfileConfig>")
        },
        second: |name| config(name, None),
        absent: "404 NoSuchFieldLevelEncryptionConfig: The specified configuration for field-level encryption \
                 doesn't exist.",
        exists: "409 FieldLevelEncryptionConfigAlreadyExists: The specified configuration for field-level \
                 encryption already exists.",
        too_many: "400 TooManyFieldLevelEncryptionConfigs: The maximum number of configurations for field-level \
                   encryption have been created.",
        quota: 10,
        etags: [FIRST, SECOND],
        own: "",
    },
    Kind {
        path: ORIGIN_ACCESS_CONTROLS,
        update: "/config",
        body: origin_access_control,
        changed: |name| origin_access_control(name).replace("for a test", "changed"),
        second: origin_access_control,
        absent: "404 NoSuchOriginAccessControl: The specified origin access control does not exist.",
        exists: "409 OriginAccessControlAlreadyExists: An origin access control with the same name already exists.",
        too_many: "400 TooManyOriginAccessControls: The number of origin access controls in your Amazon Web \
                   Services account exceeds the maximum allowed. For more information, see Quotas (formerly known \
                   as limits) in the Amazon CloudFront Developer Guide.",
        quota: 100,
        etags: [ZEROTH, FIRST],
        own: "",
    },
    Kind {
        path: CACHE_POLICIES,
        update: "",
        body: cache_policy,
        changed: |name| cache_policy(name).replace("<Name>", "<Comment>changed</Comment><Name>"),
        second: cache_policy,
        absent: "404 NoSuchCachePolicy: The specified cache policy does not exist.",
        exists: "409 CachePolicyAlreadyExists: Another cache policy with the same name already exists within the \
                 aws account.",
        too_many: "400 TooManyCachePolicies: You have reached the maximum number of cache policies for this Amazon \
                   Web Services account. For more information, see Quotas (formerly known as limits) in the Amazon \
                   CloudFront Developer Guide.",
        quota: 20,
        etags: [ZEROTH, FIRST],
        own: "Type=custom&",
    },
    Kind {
        path: ORIGIN_ACCESS_IDENTITIES,
        update: "/config",
        body: |name| origin_access_identity(name, "for a test"),
        changed: |name| origin_access_identity(name, "changed"),
        second: |name| origin_access_identity(name, "another"),
        absent: "404 NoSuchCloudFrontOriginAccessIdentity: The specified origin access identity does not exist.",
        exists: "409 CloudFrontOriginAccessIdentityAlreadyExists: If the CallerReference is a value you already sent \
                 in a previous request to create an identity but the content of the \
                 CloudFrontOriginAccessIdentityConfig is different from the original request, CloudFront returns a \
                 CloudFrontOriginAccessIdentityAlreadyExists error.",
        too_many: "400 TooManyCloudFrontOriginAccessIdentities: Processing your request would cause you to exceed the \
                   maximum number of origin access identities allowed.",
        quota: 100,
        etags: [ZEROTH, FIRST],
        own: "",
    },
    Kind {
        path: ORIGIN_REQUEST_POLICIES,
        update: "",
        body: origin_request_policy,
        changed: |name| origin_request_policy(name).replace("<Name>", "<Comment>changed</Comment><Name>"),
        second: origin_request_policy,
        absent: "404 NoSuchOriginRequestPolicy: The specified origin request policy does not exist.",
        exists: "409 OriginRequestPolicyAlreadyExists: Another origin request policy with the same name already exists \
                 within the aws account.",
        too_many: "400 TooManyOriginRequestPolicies: You have reached the maximum number of origin request policies \
                   for this Amazon Web Services account. For more information, see Quotas (formerly known as limits) \
                   in the Amazon CloudFront Developer Guide.",
        quota: 20,
        etags: [ZEROTH, FIRST],
        own: "Type=custom&",
    },
    Kind {
        path: RESPONSE_HEADERS_POLICIES,
        update: "",
        body: response_headers_policy,
        changed: |name| response_headers_policy(name).replace("<Name>", "<Comment>changed</Comment><Name>"),
        second: response_headers_policy,
        absent: "404 NoSuchResponseHeadersPolicy: The specified response headers policy does not exist.",
        exists: "409 ResponseHeadersPolicyAlreadyExists: Another response headers policy with the same name already \
                 exists within the aws account.",
        too_many: "400 TooManyResponseHeadersPolicies: You have reached the maximum number of response headers policies \
                   for this Amazon Web Services account. For more information, see Quotas (formerly known as limits) \
                   in the Amazon CloudFront Developer Guide.",
        quota: 20,
        etags: [ZEROTH, FIRST],
        own: "Type=custom&",
    },
];

const MISSING: &str =
    "400 InvalidIfMatchVersion: The If-Match version is missing or not valid for the resource.";
const STALE: &str = "412 PreconditionFailed: The request failed because it didn't meet the preconditions in one \
                     or more request-header fields.";

#[tokio::test]
async fn every_resource_is_made_shown_changed_and_deleted_by_its_etag() {
    for kind in KINDS {
        let world = World::new();
        let [first, second] = kind.etags;
        let key = made_key(&world, "key").await;
        let create = world.control("POST", kind.path).body((kind.body)("one").replace(KEY, &key));
        let created = create.send().await;
        assert_eq!((created.status, created.header("etag")), (201, first), "{created}");
        let id = created.element("Id").to_owned();
        let location = format!("https://cloudfront.amazonaws.com{}/{id}", kind.path);
        assert_eq!(created.header("location"), location);
        let whole = format!("{}/{id}", kind.path);
        let shown = world.control("GET", &whole).send().await;
        assert_eq!((shown.status, &shown.body, shown.header("etag")), (200, &created.body, first));
        let alone = world.control("GET", format!("{whole}/config")).send().await;
        assert_eq!((alone.status, alone.header("etag")), (200, first));

        world.clock.advance(std::time::Duration::from_secs(1));
        let update = || {
            let body = (kind.changed)("one").replace(KEY, &key);
            world.control("PUT", format!("{whole}{}", kind.update)).body(body)
        };
        assert_eq!(update().send().await.refusal(), MISSING);
        assert_eq!(update().if_match("").send().await.refusal(), MISSING);
        assert_eq!(update().if_match(second).send().await.refusal(), STALE);
        let updated = update().if_match(first).send().await;
        assert_eq!((updated.status, updated.header("etag")), (200, second), "{updated}");
        assert!(updated.body.contains("changed"), "{updated}");
        assert_eq!(world.control("GET", &whole).send().await.body, updated.body);
        assert_eq!(update().if_match(first).send().await.refusal(), STALE);

        let delete = || world.control("DELETE", &whole);
        assert_eq!(delete().send().await.refusal(), MISSING);
        assert_eq!(delete().if_match(first).send().await.refusal(), STALE);
        let deleted = delete().if_match(second).send().await;
        assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
        // That it has gone wins over the ETag that it does not have any more, and over a request without one.
        for gone in [
            delete().if_match(second),
            delete().if_match(first),
            delete(),
            update().if_match(first),
            update(),
            world.control("GET", &whole),
            world.control("GET", format!("{whole}/config")),
        ] {
            assert_eq!(gone.send().await.refusal(), kind.absent);
        }
    }
}

#[tokio::test]
async fn every_resource_is_unique_counted_and_another_accounts_is_not_there() {
    for kind in KINDS {
        let world = World::new();
        let key = made_key(&world, "key").await;
        // The key of the test itself counts as well.
        let body = |name: &str| (kind.body)(name).replace(KEY, &key);
        let create = |name: &str| world.control("POST", kind.path).body(body(name));
        let first = made(create("n0")).await;
        let second = || world.control("POST", kind.path).body((kind.second)("n0").replace(KEY, &key));
        assert_eq!(second().send().await.refusal(), kind.exists);
        let room = if kind.path == PUBLIC_KEYS { kind.quota - 1 } else { kind.quota };
        for number in 1..room {
            made(create(&format!("n{number}"))).await;
        }
        assert_eq!(create("more").send().await.refusal(), kind.too_many);
        assert_eq!(second().send().await.refusal(), kind.exists);
        let path = format!("{}/{first}", kind.path);
        for call in [
            world.control("GET", &path),
            world.control("DELETE", &path).if_match(kind.etags[0]),
            world.control("PUT", format!("{path}{}", kind.update)).if_match(kind.etags[0]).body(body("n0")),
        ] {
            assert_eq!(call.by(STRANGER).send().await.refusal(), kind.absent);
        }
        assert_eq!(world.control("DELETE", &path).if_match(kind.etags[0]).send().await.status, 204);
        // Name and caller reference are free again, and the id is another.
        assert_ne!(made(create("n0")).await, first);
    }
}

#[tokio::test]
async fn every_resource_comes_page_by_page_in_the_order_of_creation() {
    for kind in KINDS {
        let world = World::new();
        let empty = world.control("GET", format!("{}?{}", kind.path, kind.own)).send().await;
        assert_eq!((empty.element("MaxItems"), empty.element("Quantity")), ("100", "0"), "{empty}");
        assert!(!empty.body.contains("Items>\n") && !empty.body.contains("<Items"), "{empty}");
        let key = if kind.path == PUBLIC_KEYS { String::new() } else { made_key(&world, "key").await };
        let mut ids = Vec::new();
        for name in ["c", "b", "a"] {
            ids.push(made(world.control("POST", kind.path).body((kind.body)(name).replace(KEY, &key))).await);
            world.clock.advance(std::time::Duration::from_secs(1));
        }
        let list = |query: String| {
            let call = world.control("GET", format!("{}?{}{query}", kind.path, kind.own));
            async move { page(&call.send().await, "Id") }
        };
        let [one, two, three] = ids.as_slice() else { panic!() };
        assert_eq!(list(String::new()).await, format!("{one} {two} {three}"));
        assert_eq!(list("MaxItems=2".to_owned()).await, format!("{one} {two} …"));
        assert_eq!(list(format!("MaxItems=2&Marker={two}")).await, *three);
        assert_eq!(list(format!("Marker={three}")).await, "");
        let delete = world.control("DELETE", format!("{}/{one}", kind.path)).if_match(kind.etags[0]);
        assert_eq!(delete.send().await.status, 204);
        assert_eq!(list(format!("Marker={one}")).await, format!("{two} {three}"));
        for query in ["Marker=K0000000000000", "Marker=x%00", "MaxItems=0", "MaxItems=x"] {
            let outcome = list(query.to_owned()).await;
            assert!(outcome.starts_with("400 InvalidArgument: The parameter "), "{query}: {outcome}");
        }
        let foreign = world.control("GET", format!("{}?{}Marker={two}", kind.path, kind.own)).by(STRANGER);
        assert_eq!(foreign.send().await.refusal(), "400 InvalidArgument: The parameter Marker is not valid.");
    }
}
