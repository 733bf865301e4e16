//! Reads the certificates of a trust store from where its client says they are.
//!
//! They are few and small, so the operation reads them itself; what came of it is in its one commit and shows once the
//! time to settle has passed. So a restart has nothing to go on with.

use keyfront_domain::trust_store::{CaCertificates, S3Location, TrustStoreConfig};

use crate::context::Context;
use crate::import::ObjectAddress;

/// The certificates of the bundle, or the `Reason` why it cannot be used.
pub(super) async fn read(cx: &Context, config: &TrustStoreConfig) -> Result<CaCertificates, String> {
    let source = &config.ca_certificates_bundle_source.s3_location;
    let Some(S3Location { bucket, key, .. }) = source else {
        return Err("The CA certificates bundle has no source".to_owned());
    };
    let address = ObjectAddress::parse(&format!("arn:aws:s3:::{bucket}/{key}"));
    let address = address.ok_or_else(|| format!("{bucket}/{key} does not name an object"))?;
    let rules = cx.rules();
    let body = cx.objects.fetch(&address, rules.quotas.ca_certificates_bundle_bytes).await;
    let body = body.map_err(|error| error.to_string())?;
    CaCertificates::parse(&body, &rules.quotas).map_err(|invalid| invalid.to_string())
}
