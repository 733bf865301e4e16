"""The data plane below the SDKs: bodies and paths that no SDK sends, and the exact form of answers."""

import json
import re
import time

import pytest

from clients import etag_of, put_all
from wire import keys_path, label, store_path

JSON = {"Content-Type": "application/json"}


def write(wire, method, path, body, etag, **headers):
    return wire.send(wire.data(method, path, body, {"If-Match": etag, **JSON, **headers}))


def test_describe_has_the_services_form(wire, arn):
    answer = wire.send(wire.data("GET", store_path(arn)))
    assert answer.status == 200
    assert answer.headers["ETag"] == "KVTVPDKIKX0DER", "not quoted"
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["x-amzn-RequestId"]
    body = answer.json
    assert set(body) == {"ItemCount", "TotalSizeInBytes", "KvsARN", "Created", "LastModified", "Status"}
    # The Go SDK takes no string here; epoch seconds, with milliseconds.
    for moment in (body["Created"], body["LastModified"]):
        assert isinstance(moment, (int, float)) and abs(time.time() - moment) < 120
    assert re.search(r'"Created":\d{10}(\.\d{1,3})?[,}]', answer.text.replace(" ", ""))


def test_the_other_answers_have_their_members_and_no_more(wire, data, arn):
    etag = etag_of(data, arn)
    put = write(wire, "PUT", keys_path(arn, "a"), '{"Value":"1"}', etag)
    assert put.json == {"ItemCount": 1, "TotalSizeInBytes": 2}
    update = write(wire, "POST", keys_path(arn), '{"Puts":[{"Key":"b","Value":"2"}]}', put.headers["ETag"])
    assert update.json == {"ItemCount": 2, "TotalSizeInBytes": 4}
    got = wire.send(wire.data("GET", keys_path(arn, "a")))
    assert got.json == {"Key": "a", "Value": "1", "ItemCount": 2, "TotalSizeInBytes": 4}
    listed = wire.send(wire.data("GET", keys_path(arn)))
    assert listed.json == {"Items": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
    deleted = write(wire, "DELETE", keys_path(arn, "a"), b"", update.headers["ETag"])
    assert deleted.json == {"ItemCount": 1, "TotalSizeInBytes": 2}


def test_an_error_has_its_type_in_a_header_and_its_text_in_the_body(wire, arn):
    answer = wire.send(wire.data("GET", keys_path(arn, "gone")))
    assert answer.status == 404
    assert answer.data_error() == ("ResourceNotFoundException", "Key gone was not found.")


@pytest.mark.parametrize("key", [".", ".."])
def test_dot_segments_are_keys_as_terraform_sends_them(wire, data, arn, key):
    path = f"{keys_path(arn)}/{key}"
    put = write(wire, "PUT", path, '{"Value":"dots"}', etag_of(data, arn))
    assert put.status == 200, put.text
    assert wire.send(wire.data("GET", path)).json["Key"] == key
    assert data.list_keys(KvsARN=arn)["Items"] == [{"Key": key, "Value": "dots"}]
    assert write(wire, "DELETE", path, b"", put.headers["ETag"]).status == 200


@pytest.mark.parametrize(
    ("sent", "key"),
    [("a%2fb", "a/b"), ("%61%62", "ab"), ("a+b", "a+b"), ("a:b@c", "a:b@c"), ("%41", "A"), ("a%252Fb", "a%2Fb")],
)
def test_a_label_is_decoded_once_however_it_was_encoded(wire, data, arn, sent, key):
    put_all(data, arn, {key: "v"})
    answer = wire.send(wire.data("GET", f"{keys_path(arn)}/{sent}"))
    assert answer.status == 200, answer.text
    assert answer.json["Key"] == key


@pytest.mark.parametrize("sent", ["a/b", "a/", "/a", "%zz", "%ff", "%c3%28", "%"])
def test_a_path_that_is_no_single_label_is_refused(wire, arn, sent):
    answer = wire.send(wire.data("GET", f"{keys_path(arn)}/{sent}"))
    assert 400 <= answer.status < 500, answer.text
    assert answer.data_error()[0]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
@pytest.mark.parametrize("etag", [None, ""])
def test_a_missing_if_match_is_a_validation_error(wire, data, arn, method, etag):
    body = {"PUT": '{"Value":"v"}', "POST": '{"Puts":[{"Key":"k","Value":"v"}]}', "DELETE": ""}[method]
    path = keys_path(arn) if method == "POST" else keys_path(arn, "k")
    headers = dict(JSON) if etag is None else {**JSON, "If-Match": etag}
    answer = wire.send(wire.data(method, path, body, headers))
    assert answer.status == 400
    assert answer.data_error()[0] == "ValidationException"
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0


@pytest.mark.parametrize(
    "body",
    [
        "", "no json", "{", '{"Value":}', "[]", '"text"', "null", '{"Value":1}', '{"Value":["a"]}', '{"Value":{"a":1}}',
        '{"Value":"a"} trailing', '{"Value":true}', b'{"Value":"\xff"}', '{"Value":"\\ud800"}', "[" * 5000,
    ],
    ids=range(15),
)
def test_a_body_that_cannot_be_read_changes_nothing(wire, data, arn, body):
    answer = write(wire, "PUT", keys_path(arn, "k"), body, etag_of(data, arn))
    assert answer.status == 400, answer.text
    assert answer.data_error()[0] in ("SerializationException", "ValidationException")
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0


def test_json_that_does_not_parse_is_a_serialization_error(wire, data, arn):
    answer = write(wire, "PUT", keys_path(arn, "k"), '{"Value"', etag_of(data, arn))
    assert (answer.status, answer.data_error()[0]) == (400, "SerializationException")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"Value":null}',
        '{"value":"lower case"}',
    ],
)
def test_a_missing_value_is_a_validation_error(wire, data, arn, body):
    answer = write(wire, "PUT", keys_path(arn, "k"), body, etag_of(data, arn))
    assert answer.status == 400
    code, message = answer.data_error()
    assert code == "ValidationException"
    assert "Value null at 'value' failed to satisfy constraint: Member must not be null" in message


@pytest.mark.parametrize(
    "body",
    [
        {"Puts": [{"Key": "", "Value": "v"}]},
        {"Puts": [{"Key": "k"}]},
        {"Puts": [{"Value": "v"}]},
        {"Deletes": [{}]},
        {"Deletes": [{"Key": "k" * 1025}]},
        {"Puts": [{"Key": "good", "Value": "v"}, {"Key": "k" * 1025, "Value": "v"}]},
    ],
    ids=range(6),
)
def test_a_batch_with_one_bad_entry_changes_nothing(wire, data, arn, body):
    answer = write(wire, "POST", keys_path(arn), json.dumps(body), etag_of(data, arn))
    assert answer.status == 400, answer.text
    assert answer.data_error()[0] == "ValidationException"
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0


@pytest.mark.parametrize("query", ["MaxResults=x", "MaxResults=", "MaxResults=1.5", "MaxResults=99999999999999999999"])
def test_a_page_size_that_is_no_number_is_refused(wire, arn, query):
    answer = wire.send(wire.data("GET", f"{keys_path(arn)}?{query}"))
    assert answer.status == 400, answer.text
    assert answer.data_error()[0] in ("SerializationException", "ValidationException")


def test_a_plus_in_a_token_is_a_plus(wire, data, arn):
    put_all(data, arn, {f"k{number}": "v" for number in range(12)})
    token = data.list_keys(KvsARN=arn)["NextToken"]
    answer = wire.send(wire.data("GET", f"{keys_path(arn)}?NextToken={label(token)}"))
    assert [item["Key"] for item in answer.json["Items"]] == ["k8", "k9"]


def test_unknown_members_are_ignored(wire, data, arn):
    answer = write(wire, "PUT", keys_path(arn, "k"), '{"Value":"v","Other":[1,{"a":null}]}', etag_of(data, arn))
    assert answer.status == 200


@pytest.mark.parametrize("content_type", [None, "application/json; charset=utf-8", "application/x-amz-json-1.1"])
def test_a_content_type_of_json_or_none_is_taken(wire, data, arn, content_type):
    headers = {"If-Match": etag_of(data, arn)} | ({"Content-Type": content_type} if content_type else {})
    assert wire.send(wire.data("PUT", keys_path(arn, "k"), '{"Value":"v"}', headers)).status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("000000000000.localhost:1", 200), ("localhost", 200), ("127.0.0.1", 200),
        ("anything.example", 403), ("000000000000.anything.example", 403),
    ],
)
def test_the_data_plane_answers_to_its_own_names_whatever_the_port(wire, arn, host, status):
    wire_host, wire.data_host = wire.data_host, host
    try:
        assert wire.send(wire.data("GET", store_path(arn))).status == status
    finally:
        wire.data_host = wire_host


@pytest.mark.parametrize(
    "arn",
    [
        "nonsense",
        "arn:aws:cloudfront::000000000000:key-value-store/not-a-uuid",
        "arn:aws:cloudfront:us-east-1:000000000000:key-value-store/11111111-2222-3333-4444-555555555555",
        "arn:aws:s3:::bucket",
        "x" * 2049,
    ],
    ids=range(5),
)
def test_what_is_no_arn_of_a_store_is_refused(wire, arn):
    answer = wire.send(wire.data("GET", store_path(arn)))
    assert answer.status in (400, 404), answer.text
    assert answer.data_error()[0] in ("ValidationException", "ResourceNotFoundException")


@pytest.mark.parametrize(
    ("method", "tail"), [("PATCH", "/keys/k"), ("POST", ""), ("DELETE", ""), ("GET", "/other"), ("PUT", "/keys")]
)
def test_what_is_no_operation_is_unknown(wire, arn, method, tail):
    answer = wire.send(wire.data(method, store_path(arn) + tail, headers=dict(JSON)))
    assert 400 <= answer.status < 500, answer.text
    assert answer.data_error()[0] == "UnknownOperationException"
