//! Who may sign URLs and cookies, and what else is shown beside a configuration.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::DistributionConfig;
use crate::AccountId;

impl DistributionConfig {
    /// The key groups that any behavior trusts.
    pub fn trusted_key_groups(&self) -> BTreeSet<&str> {
        self.behaviors()
            .flat_map(|behavior| &behavior.trusted_key_groups.key_groups.items)
            .map(String::as_str)
            .collect()
    }

    /// `ActiveTrustedKeyGroups`, which is shown beside the configuration, from the public keys of each key group.
    pub fn active_trusted_key_groups(&self, keys: impl Fn(&str) -> Vec<String>) -> Value {
        let items: Vec<_> = self
            .trusted_key_groups()
            .into_iter()
            .map(|group| json!({ "KeyGroupId": group, "KeyPairIds": counted(&keys(group)) }))
            .collect();
        enabled(&items)
    }

    /// `ActiveTrustedSigners`, which is shown beside the configuration. The account itself is `self`. Key pairs of
    /// accounts are made by their root users, of whom an API knows nothing, so none are shown.
    pub fn active_trusted_signers(&self, account: AccountId) -> Value {
        let own = account.to_string();
        let signers: BTreeSet<_> = self
            .behaviors()
            .flat_map(|behavior| &behavior.trusted_signers.accounts.items)
            .map(|signer| if *signer == own { "self" } else { signer })
            .collect();
        let signer = |account| json!({ "AwsAccountNumber": account, "KeyPairIds": { "Quantity": 0 } });
        enabled(&signers.into_iter().map(signer).collect::<Vec<_>>())
    }
}

/// A list that says beside whether there is anything in it.
fn enabled(items: &[Value]) -> Value {
    let mut list = json!({ "Enabled": !items.is_empty() });
    if let (Value::Object(list), Value::Object(items)) = (&mut list, counted(items)) {
        list.extend(items);
    }
    list
}

fn counted(items: &[impl Serialize]) -> Value {
    if items.is_empty() {
        return json!({ "Quantity": 0 });
    }
    json!({ "Quantity": items.len(), "Items": items })
}
