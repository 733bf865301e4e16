//! What the fuzz targets share: one trusted key, `K`, and the models of the services.

use std::sync::LazyLock;

use keyfront_domain::public_key::PublicKey;
use keyfront_domain::signed_request::VerifyingKey;
use keyfront_wire::{Operation, Protocol, Service};

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

/// The operation that the first line of an input names, with its service, and what follows the line.
pub fn named(bytes: &[u8], protocol: Protocol) -> Option<(&'static Service, &'static Operation, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (name, body) = (&bytes[..end], &bytes[end + 1..]);
    let services = SERVICES.iter().filter(|service| service.protocol == protocol);
    let mut operations =
        services.flat_map(|service| service.operations().iter().map(move |each| (service, each)));
    let (service, operation) = operations.find(|(_, operation)| operation.name.as_bytes() == name)?;
    Some((service, operation, body))
}
