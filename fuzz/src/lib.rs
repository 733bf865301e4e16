//! What the fuzz targets share: one trusted key, `K`, and the models of the services.

use std::sync::LazyLock;

use keyfront_domain::public_key::PublicKey;
use keyfront_domain::signed_request::VerifyingKey;
use keyfront_wire::Service;

const PEM: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEX/xrsWhGofhIuqrA466nKxGRzwWW
ZYs7HEJwFsfXUdwvm/QQ8rkNg3FhQdD6PNrz6QYJ4n08lEyH4JMFiuwunA==
-----END PUBLIC KEY-----
";

/// Finds the key by its id.
pub fn trusted(id: &str) -> Option<&'static VerifyingKey> {
    static KEY: LazyLock<VerifyingKey> = LazyLock::new(|| {
        VerifyingKey::new(&PublicKey::parse(PEM).expect("a public key")).expect("a usable key")
    });
    (id == "K").then(|| &*KEY)
}

/// The services that have a model.
pub static SERVICES: LazyLock<[Service; 3]> = LazyLock::new(|| {
    [Service::cloudfront(), Service::key_value_store(), Service::extensions()]
        .map(|service| service.expect("a model"))
});
