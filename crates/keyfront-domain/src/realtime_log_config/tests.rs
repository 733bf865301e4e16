//! Tests of the rules of real-time log configurations.

use serde_json::{Value, json};

use super::RealtimeLogConfig;

const ROLE: &str = "arn:aws:iam::111122223333:role/logs";
const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/logs";

fn end_point(kind: &str, role: &str, stream: &str) -> Value {
    json!([{ "StreamType": kind, "KinesisStreamConfig": { "RoleARN": role, "StreamARN": stream } }])
}

#[test]
fn a_configuration_has_a_stream_fields_a_name_and_a_rate() {
    for (member, value, refusal) in [
        ("Name", json!("logs_1-a"), ""),
        ("Name", json!("n".repeat(128)), ""),
        ("Name", json!("n".repeat(129)), "The parameter Name is too big."),
        ("Name", json!(""), "The parameter Name is required."),
        ("Name", json!("a b"), "The parameter Name is invalid."),
        ("SamplingRate", json!(1), ""),
        ("SamplingRate", json!(100), ""),
        ("SamplingRate", json!(0), "The parameter SamplingRate is invalid."),
        ("SamplingRate", json!(101), "The parameter SamplingRate is invalid."),
        ("Fields", json!(["timestamp", "c-ip", "cs-headers-count"]), ""),
        ("Fields", json!([]), "The parameter Fields is required."),
        ("Fields", json!(["Time stamp"]), "The parameter Fields is invalid."),
        ("Fields", json!([""]), "The parameter Fields is invalid."),
        ("EndPoints", json!([]), "The parameter EndPoints is required."),
        ("EndPoints", json!([{ "StreamType": "Kinesis" }]), "The parameter KinesisStreamConfig is required."),
        ("EndPoints", end_point("Firehose", ROLE, STREAM), "The parameter StreamType is invalid."),
        ("EndPoints", end_point("Kinesis", "logs", STREAM), "The parameter RoleARN is invalid."),
        ("EndPoints", end_point("Kinesis", ROLE, ROLE), "The parameter StreamARN is invalid."),
    ] {
        let mut config = json!({
            "EndPoints": end_point("Kinesis", ROLE, STREAM),
            "Fields": ["timestamp"],
            "Name": "logs",
            "SamplingRate": 5,
        });
        config[member] = value;
        let checked = serde_json::from_value::<RealtimeLogConfig>(config.clone()).unwrap().check();
        let refused = checked.err().map(|error| error.message().to_owned()).unwrap_or_default();
        assert_eq!(refused, refusal, "{config}");
    }
}
