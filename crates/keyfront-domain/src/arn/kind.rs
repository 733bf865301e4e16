//! The kinds of resources, by the words that ARNs have for them.

/// A kind of resource, such as `public-key`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ResourceKind(&'static str);

/// Declares the kinds, and the list of all of them.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        impl ResourceKind {
            $($(#[$doc])* pub const $name: ResourceKind = ResourceKind($word);)*

            /// Every kind.
            pub const ALL: &[ResourceKind] = &[$(ResourceKind::$name),*];
        }
    };
}

kinds! {
    /// Lists of Anycast addresses.
    ANYCAST_IP_LIST = "anycast-ip-list";
    /// What a cache key is made of, and how long responses stay.
    CACHE_POLICY = "cache-policy";
    /// Functions that run when a connection is made.
    CONNECTION_FUNCTION = "connection-function";
    /// How viewers connect to the tenants of distributions.
    CONNECTION_GROUP = "connection-group";
    /// Which part of the traffic a staging distribution gets.
    CONTINUOUS_DEPLOYMENT_POLICY = "continuous-deployment-policy";
    /// Distributions, which refer to most others.
    DISTRIBUTION = "distribution";
    /// Tenants of multi-tenant distributions.
    DISTRIBUTION_TENANT = "distribution-tenant";
    /// Which profile of field-level encryption a request gets.
    FIELD_LEVEL_ENCRYPTION_CONFIG = "field-level-encryption-config";
    /// Which fields are encrypted with which public key.
    FIELD_LEVEL_ENCRYPTION_PROFILE = "field-level-encryption-profile";
    /// CloudFront Functions.
    FUNCTION = "function";
    /// Groups of public keys that a cache behavior trusts.
    KEY_GROUP = "key-group";
    /// Key value stores.
    KEY_VALUE_STORE = "key-value-store";
    /// How requests to an origin are signed.
    ORIGIN_ACCESS_CONTROL = "origin-access-control";
    /// Users of S3 that stand for distributions.
    ORIGIN_ACCESS_IDENTITY = "origin-access-identity";
    /// What a request to the origin carries.
    ORIGIN_REQUEST_POLICY = "origin-request-policy";
    /// Public keys for signed URLs and field-level encryption.
    PUBLIC_KEY = "public-key";
    /// Which fields of requests are logged at once.
    REALTIME_LOG_CONFIG = "realtime-log-config";
    /// Which headers a response gets and loses.
    RESPONSE_HEADERS_POLICY = "response-headers-policy";
    /// Distributions over RTMP, which the service no longer has.
    STREAMING_DISTRIBUTION = "streaming-distribution";
    /// Certificate authorities that viewers' certificates come from.
    TRUST_STORE = "trust-store";
    /// Origins in a private network. The word has no hyphen.
    VPC_ORIGIN = "vpcorigin";
}

impl ResourceKind {
    /// The word in ARNs. It has no `/` and never changes: the store's keys contain it.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether resources of this kind can have tags: the service has them for what it charges for, not for keys,
    /// policies and the like.
    pub fn is_taggable(self) -> bool {
        const TAGGABLE: [ResourceKind; 10] = [
            ResourceKind::ANYCAST_IP_LIST,
            ResourceKind::CONNECTION_FUNCTION,
            ResourceKind::CONNECTION_GROUP,
            ResourceKind::DISTRIBUTION,
            ResourceKind::DISTRIBUTION_TENANT,
            ResourceKind::FUNCTION,
            ResourceKind::KEY_VALUE_STORE,
            ResourceKind::STREAMING_DISTRIBUTION,
            ResourceKind::TRUST_STORE,
            ResourceKind::VPC_ORIGIN,
        ];
        TAGGABLE.contains(&self)
    }

    /// Whether the id of a resource of this kind is its name, which can pass to another one when it has gone.
    pub fn is_known_by_name(self) -> bool {
        self == ResourceKind::REALTIME_LOG_CONFIG
    }

    /// The kind that ARNs have this word for.
    pub fn of_word(word: &str) -> Option<ResourceKind> {
        ResourceKind::ALL.iter().copied().find(|kind| kind.0 == word)
    }
}
