//! From a request to a checked input, and from an output to an answer.

use std::hint::black_box;

use divan::Bencher;
use http::{HeaderMap, HeaderValue, Method, Response};
use keyfront_wire::{Incoming, Operation, Route, Service};
use serde_json::{Map, Value, json};

use crate::ARN;

/// A request without its signature.
struct Message {
    service: Service,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Message {
    fn data_plane(method: Method, path: &str, body: String) -> Message {
        let headers =
            HeaderMap::from_iter([(http::header::IF_MATCH, HeaderValue::from_static("KVTVPDKIKX0DER"))]);
        let path = format!("/key-value-stores/{ARN}{path}");
        Message { service: Service::key_value_store().unwrap(), method, path, headers, body }
    }

    fn get_key() -> Message {
        Message::data_plane(Method::GET, "/keys/some%2Fkey", String::new())
    }

    fn update_keys() -> Message {
        let put = |number| json!({ "Key": format!("some/key-{number}"), "Value": "v".repeat(25) });
        let puts: Vec<Value> = (0..50).map(put).collect();
        Message::data_plane(Method::POST, "/keys", json!({ "Puts": puts }).to_string())
    }

    fn create_store() -> Message {
        let body = "<CreateKeyValueStoreRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
                    <Name>a-store</Name><Comment>What it is for &amp; whose</Comment>\
                    </CreateKeyValueStoreRequest>";
        Message {
            service: Service::cloudfront().unwrap(),
            method: Method::POST,
            path: "/2020-05-31/key-value-store".to_owned(),
            headers: HeaderMap::new(),
            body: body.to_owned(),
        }
    }

    /// Routes, decodes and checks.
    fn read(&self) -> Map<String, Value> {
        let (operation, labels) = self.operation();
        let body = self.body.as_bytes();
        let request = Incoming { labels: &labels, query: "", headers: &self.headers, body };
        let input = self.service.decode(operation, &request).unwrap();
        self.service.check(operation, &input).unwrap();
        input
    }

    fn answer(&self, output: &Map<String, Value>) -> Response<bytes::Bytes> {
        self.service.encode(self.operation().0, output).unwrap()
    }

    fn operation(&self) -> (&Operation, Vec<(&str, &str)>) {
        let Route::Operation(operation, labels) = self.service.route(&self.method, &self.path, "") else {
            unreachable!("the model has the operation");
        };
        (operation, labels)
    }
}

fn members(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { unreachable!("it is written as an object") };
    members
}

#[divan::bench]
fn read_get_key(bencher: Bencher<'_, '_>) {
    let message = Message::get_key();
    bencher.bench(|| black_box(&message).read());
}

#[divan::bench]
fn read_update_keys_of_50_pairs(bencher: Bencher<'_, '_>) {
    let message = Message::update_keys();
    bencher.bench(|| black_box(&message).read());
}

#[divan::bench]
fn read_create_key_value_store(bencher: Bencher<'_, '_>) {
    let message = Message::create_store();
    bencher.bench(|| black_box(&message).read());
}

#[divan::bench]
fn answer_get_key(bencher: Bencher<'_, '_>) {
    let message = Message::get_key();
    let output = json!({ "Key": "some/key", "Value": "v".repeat(100), "ItemCount": 1000, "TotalSizeInBytes": 113_000 });
    let output = members(output);
    bencher.bench(|| black_box(&message).answer(&output));
}

#[divan::bench]
fn answer_update_keys(bencher: Bencher<'_, '_>) {
    let message = Message::update_keys();
    let output = json!({ "ItemCount": 1000, "TotalSizeInBytes": 113_000, "ETag": "KV3UN6WX5RRO2AG" });
    let output = members(output);
    bencher.bench(|| black_box(&message).answer(&output));
}

#[divan::bench]
fn answer_create_key_value_store(bencher: Bencher<'_, '_>) {
    let message = Message::create_store();
    let output = json!({
        "KeyValueStore": {
            "Name": "a-store",
            "Id": "54947df8-0e9e-4471-a2f9-9af509fb5889",
            "Comment": "What it is for & whose",
            "ARN": "arn:aws:cloudfront::000000000000:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889",
            "Status": "PROVISIONING",
            "LastModifiedTime": 1_795_318_292_042_i64,
        },
        "ETag": "ETVPDKIKX0DER",
        "Location": "https://cloudfront.amazonaws.com/2020-05-31/key-value-store/a-store",
    });
    let output = members(output);
    bencher.bench(|| black_box(&message).answer(&output));
}
