//! Tags of a resource that is there.

use keyfront_cfn::resource_type::ResourceType;
use serde_json::{Map, Value, json};

use super::Execution;
use crate::failure::Failure;

impl Execution<'_> {
    /// Makes the tags of a resource those of its properties.
    pub(super) async fn change_tags(
        &self,
        kind: &ResourceType,
        key: &str,
        properties: &Map<String, Value>,
    ) -> Result<(), Failure> {
        let Some(current) = self.api.read(kind, key).await? else { return Ok(()) };
        let shown = &current.shown;
        let arn = ["ARN", "Arn", "ConnectionFunctionArn"].iter().find_map(|name| shown.get(name));
        let arn =
            arn.or_else(|| shown.get("FunctionMetadata").and_then(|metadata| metadata.get("FunctionARN")));
        let Some(arn) = arn else {
            return Err(Failure::new(format!("{key} shows no ARN, so its tags cannot be changed")));
        };
        let named = Map::from_iter([("Resource".to_owned(), arn.clone())]);
        let tags = self.api.call("ListTagsForResource", &named).await?;
        let wanted = properties.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_wanted = |tag: &Value| wanted.iter().any(|wanted| wanted.get("Key") == tag.get("Key"));
        let now = tags.shown.get("Items").and_then(Value::as_array).into_iter().flatten();
        let leaving: Vec<Value> =
            now.filter(|tag| !is_wanted(tag)).filter_map(|tag| tag.get("Key").cloned()).collect();
        if !leaving.is_empty() {
            let mut input = named.clone();
            input.insert("TagKeys".to_owned(), json!({ "Items": leaving }));
            self.api.call("UntagResource", &input).await?;
        }
        if !wanted.is_empty() {
            let mut input = named;
            input.insert("Tags".to_owned(), json!({ "Items": wanted }));
            self.api.call("TagResource", &input).await?;
        }
        Ok(())
    }
}
