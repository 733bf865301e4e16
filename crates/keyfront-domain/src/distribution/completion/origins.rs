//! What the service fills in for origins.

use serde_json::{Map, Value, json};

use super::{drop_empty_text, fill, items};

/// Times that the origin is tried (AWS: Origin).
const CONNECTION_ATTEMPTS: i64 = 3;
/// Seconds that a connection may take (AWS: Origin).
const CONNECTION_TIMEOUT: i64 = 10;
/// Seconds that a response may take (AWS: `CustomOriginConfig`).
const READ_TIMEOUT: i64 = 30;
/// Seconds that a connection is kept (AWS: `CustomOriginConfig`).
const KEEPALIVE_TIMEOUT: i64 = 5;

pub(super) fn complete(config: &mut Map<String, Value>) {
    for origin in items(config, "Origins") {
        fill(origin, "OriginPath", || json!(""));
        fill(origin, "CustomHeaders", || json!({ "Quantity": 0 }));
        fill(origin, "ConnectionAttempts", || json!(CONNECTION_ATTEMPTS));
        fill(origin, "ConnectionTimeout", || json!(CONNECTION_TIMEOUT));
        fill(origin, "OriginShield", || json!({ "Enabled": false }));
        fill(origin, "OriginAccessControlId", || json!(""));
        if let Some(bucket) = origin.get_mut("S3OriginConfig").and_then(Value::as_object_mut) {
            fill(bucket, "OriginReadTimeout", || json!(READ_TIMEOUT));
        }
        for kind in ["CustomOriginConfig", "VpcOriginConfig"] {
            let Some(server) = origin.get_mut(kind).and_then(Value::as_object_mut) else { continue };
            fill(server, "OriginReadTimeout", || json!(READ_TIMEOUT));
            fill(server, "OriginKeepaliveTimeout", || json!(KEEPALIVE_TIMEOUT));
            drop_empty_text(server, "OwnerAccountId");
        }
        if let Some(server) = origin.get_mut("CustomOriginConfig").and_then(Value::as_object_mut) {
            // The two of the time when the member was new, which clients that leave it out get to see.
            fill(server, "OriginSslProtocols", || json!({ "Quantity": 2, "Items": ["SSLv3", "TLSv1"] }));
        }
    }
}
