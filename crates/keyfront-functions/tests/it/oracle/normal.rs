//! The normal form of what a handler returned, for the values that njs gives back: members that mean nothing are
//! dropped, and what was left out is empty. It judges nothing but the shape.

use serde_json::{Map, Value, json};

/// The `FunctionOutput` of a returned value; or why it is none.
pub(super) fn output(event: &Value, returned: &Value) -> Result<Value, String> {
    let Some(returned) = returned.as_object() else {
        return Err("neither a request nor a response".to_owned());
    };
    let viewer_response = event["context"]["eventType"] == "viewer-response";
    if viewer_response || returned.contains_key("statusCode") {
        return Ok(json!({ "response": response(returned) }));
    }
    Ok(json!({ "request": request(event, returned) }))
}

fn request(event: &Value, returned: &Map<String, Value>) -> Value {
    let querystring = match returned.get("querystring") {
        Some(Value::String(text)) => json!(text),
        parameters => fields(parameters),
    };
    json!({
        "method": event["request"]["method"],
        "uri": returned.get("uri"),
        "querystring": querystring,
        "headers": fields(returned.get("headers")),
        "cookies": fields(returned.get("cookies")),
    })
}

fn response(returned: &Map<String, Value>) -> Value {
    let mut response = Map::new();
    for name in ["statusCode", "statusDescription"] {
        if let Some(value) = returned.get(name) {
            response.insert(name.to_owned(), value.clone());
        }
    }
    for name in ["headers", "cookies"] {
        response.insert(name.to_owned(), fields(returned.get(name)));
    }
    match returned.get("body") {
        None => {}
        Some(Value::String(text)) => {
            response.insert("body".to_owned(), json!({ "encoding": "text", "data": text }));
        }
        Some(body) => {
            response.insert("body".to_owned(), members(body, &["encoding", "data"]));
        }
    }
    Value::Object(response)
}

fn fields(fields: Option<&Value>) -> Value {
    let fields = fields.and_then(Value::as_object).into_iter().flatten();
    fields
        .map(|(name, entry)| (name.clone(), members(entry, &["value", "attributes", "multiValue"])))
        .collect()
}

/// These members of an object and of the objects in its lists, and no others.
fn members(value: &Value, names: &[&str]) -> Value {
    let member = |name: &&str| {
        let member = value.get(*name)?;
        let member = match member.as_array() {
            Some(list) => list.iter().map(|each| members(each, names)).collect(),
            None => member.clone(),
        };
        Some(((*name).to_owned(), member))
    };
    Value::Object(names.iter().filter_map(member).collect())
}
