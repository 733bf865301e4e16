//! What the service fills in where a configuration leaves it out.

use serde_json::{Map, Value, json};

use crate::omit_empty_items;

/// Completes a `StreamingDistributionConfig`, by the model's names: no aliases, no logging, all prices. Bucket and prefix
/// of a log that is not kept are emptied, and empty lists have no items.
pub fn complete(config: &mut Map<String, Value>) {
    config.entry("Aliases").or_insert_with(|| json!({ "Quantity": 0 }));
    config.entry("PriceClass").or_insert_with(|| json!("PriceClass_All"));
    let off = json!({ "Enabled": false, "Bucket": "", "Prefix": "" });
    let logging = config.entry("Logging").or_insert_with(|| off.clone());
    if logging.get("Enabled").and_then(Value::as_bool) == Some(false) {
        *logging = off;
    }
    omit_empty_items(config);
}
