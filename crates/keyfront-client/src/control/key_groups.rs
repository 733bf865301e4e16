//! Key groups, which name the public keys that a cache behavior trusts.

use aws_sdk_cloudfront::types::{KeyGroup, KeyGroupConfig, KeyGroupList};

use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pagination::{self, Page};
use crate::retry;
use crate::timestamp::timestamp;

/// How often a change is attempted when other clients change the group meanwhile.
const ATTEMPTS: usize = 8;

/// A key group as the control plane describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKeyGroup {
    /// Its id, which cache behaviors name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its owner wrote about it.
    pub comment: Option<String>,
    /// The ids of its public keys.
    pub keys: Vec<String>,
    /// When it last changed, in UTC.
    pub modified: String,
}

/// What is to change about a key group. What is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyGroupChange {
    /// The ids of keys to put in. Those it has are left where they are.
    pub add: Vec<String>,
    /// The ids of keys to take out. Those it does not have are an error.
    pub remove: Vec<String>,
    /// A new name.
    pub name: Option<String>,
    /// A new comment.
    pub comment: Option<String>,
}

impl StoredKeyGroup {
    fn of(group: &KeyGroup) -> Option<StoredKeyGroup> {
        let config = group.key_group_config()?;
        Some(StoredKeyGroup {
            id: group.id().to_owned(),
            name: config.name().to_owned(),
            comment: config.comment().map(str::to_owned),
            keys: config.items().to_vec(),
            modified: timestamp(group.last_modified_time()),
        })
    }

    /// The group as it is after a change.
    fn changed(mut self, change: &KeyGroupChange) -> Result<StoredKeyGroup, ClientError> {
        if let Some(id) = change.remove.iter().find(|id| !self.keys.contains(id)) {
            let message = format!(
                "{id} is not in the key group {}, which has {}; nothing was changed",
                self.name,
                self.keys.join(", ")
            );
            return Err(ClientError::new(ErrorKind::NotFound, message));
        }
        self.keys.retain(|id| !change.remove.contains(id));
        let added: Vec<String> = change.add.iter().filter(|id| !self.keys.contains(id)).cloned().collect();
        self.keys.extend(added);
        self.name = change.name.clone().unwrap_or(self.name);
        self.comment = change.comment.clone().or(self.comment);
        if self.keys.is_empty() {
            let message = format!(
                "a key group has one key at least; put another into {} first, or delete the group",
                self.name
            );
            return Err(ClientError::new(ErrorKind::Refused, message));
        }
        Ok(self)
    }
}

fn config(name: &str, keys: &[String], comment: Option<&str>) -> Result<KeyGroupConfig, ClientError> {
    KeyGroupConfig::builder()
        .name(name)
        .set_items(Some(keys.to_vec()))
        .set_comment(comment.map(str::to_owned))
        .build()
        .map_err(|error| ClientError::new(ErrorKind::Refused, error.to_string()))
}

fn stored(operation: &str, group: Option<&KeyGroup>) -> Result<StoredKeyGroup, ClientError> {
    let no_group =
        || ClientError::new(ErrorKind::Refused, format!("{operation}: the answer has no key group in it"));
    group.and_then(StoredKeyGroup::of).ok_or_else(no_group)
}

impl Client {
    /// All key groups of the account.
    pub async fn key_groups(&self) -> Result<Vec<StoredKeyGroup>, ClientError> {
        pagination::all(|marker| async {
            let call = self.control.list_key_groups().set_marker(marker).send();
            let answer = call.await.map_err(|error| self.failed("ListKeyGroups", &error))?;
            let list = answer.key_group_list;
            let summaries = list.iter().flat_map(KeyGroupList::items);
            let items = summaries.filter_map(|summary| StoredKeyGroup::of(summary.key_group()?));
            Ok(Page { items: items.collect(), next: list.as_ref().and_then(|list| list.next_marker.clone()) })
        })
        .await
    }

    /// The key group of this name or id.
    pub async fn key_group(&self, name_or_id: &str) -> Result<StoredKeyGroup, ClientError> {
        let groups = self.key_groups().await?;
        // A group may be named like another one's id; the name counts.
        let named = groups.iter().find(|group| group.name == name_or_id);
        let found = named.or_else(|| groups.iter().find(|group| group.id == name_or_id)).cloned();
        found.ok_or_else(|| {
            let endpoint = &self.endpoint;
            let message = format!(
                "there is no key group {name_or_id} at {endpoint}; `keyfront keys group list` lists them"
            );
            ClientError::new(ErrorKind::NotFound, message)
        })
    }

    /// Makes a key group of public keys that exist.
    pub async fn create_key_group(
        &self,
        name: &str,
        keys: &[String],
        comment: Option<&str>,
    ) -> Result<StoredKeyGroup, ClientError> {
        let call = self.control.create_key_group().key_group_config(config(name, keys, comment)?).send();
        let answer = call.await.map_err(|error| self.failed("CreateKeyGroup", &error))?;
        stored("CreateKeyGroup", answer.key_group())
    }

    /// Changes a key group. What other clients change meanwhile is kept.
    pub async fn update_key_group(
        &self,
        name_or_id: &str,
        change: &KeyGroupChange,
    ) -> Result<StoredKeyGroup, ClientError> {
        let id = self.key_group(name_or_id).await?.id;
        retry::while_stale(ATTEMPTS, || async {
            let answer = self.control.get_key_group().id(&id).send().await;
            let answer = answer.map_err(|error| self.failed("GetKeyGroup", &error))?;
            let after = stored("GetKeyGroup", answer.key_group())?.changed(change)?;
            let config = config(&after.name, &after.keys, after.comment.as_deref())?;
            let etag = answer.e_tag().map(str::to_owned);
            let call = self.control.update_key_group().id(&id).set_if_match(etag).key_group_config(config);
            let answer = call.send().await.map_err(|error| self.failed("UpdateKeyGroup", &error))?;
            stored("UpdateKeyGroup", answer.key_group())
        })
        .await
    }

    /// Deletes a key group. Its public keys stay.
    pub async fn delete_key_group(&self, name_or_id: &str) -> Result<StoredKeyGroup, ClientError> {
        let group = self.key_group(name_or_id).await?;
        let answer = self.control.get_key_group_config().id(&group.id).send().await;
        let answer = answer.map_err(|error| self.failed("GetKeyGroupConfig", &error))?;
        let etag = answer.e_tag().map(str::to_owned);
        let call = self.control.delete_key_group().id(&group.id).set_if_match(etag).send();
        call.await.map_err(|error| self.failed("DeleteKeyGroup", &error))?;
        Ok(group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(keys: &[&str]) -> StoredKeyGroup {
        StoredKeyGroup {
            id: "id".to_owned(),
            name: "group".to_owned(),
            comment: Some("why".to_owned()),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            modified: String::new(),
        }
    }

    fn change(add: &[&str], remove: &[&str]) -> KeyGroupChange {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        KeyGroupChange { add: owned(add), remove: owned(remove), ..KeyGroupChange::default() }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        for (before, add, remove, after) in [
            (["K1"].as_slice(), ["K2"].as_slice(), [].as_slice(), ["K1", "K2"].as_slice()),
            (&["K1"], &["K1"], &[], &["K1"]),
            (&["K1", "K2"], &[], &["K1"], &["K2"]),
            (&["K1"], &["K2"], &["K1"], &["K2"]),
        ] {
            assert_eq!(group(before).changed(&change(add, remove)).unwrap(), group(after));
        }
        let renamed = KeyGroupChange {
            name: Some("new".to_owned()),
            comment: Some(String::new()),
            ..KeyGroupChange::default()
        };
        let after = group(&["K1"]).changed(&renamed).unwrap();
        assert_eq!((after.name.as_str(), after.comment.as_deref()), ("new", Some("")));
    }

    #[test]
    fn a_key_that_is_not_there_and_the_last_key_are_not_taken_out() {
        let error = group(&["K1"]).changed(&change(&[], &["K2"])).unwrap_err();
        assert!(error.to_string().contains("which has K1; nothing was changed"), "{error}");
        let error = group(&["K1"]).changed(&change(&[], &["K1"])).unwrap_err();
        assert!(error.to_string().contains("one key at least"), "{error}");
    }
}
