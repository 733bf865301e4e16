"""The module against a server in a container."""

import pytest

from keyfront_testcontainers import KeyfrontContainer


@pytest.fixture(scope="module")
def keyfront():
    with KeyfrontContainer() as container:
        yield container


@pytest.fixture(autouse=True)
def empty(keyfront):
    yield
    keyfront.reset()


def names(cloudfront):
    return [store["Name"] for store in cloudfront.list_key_value_stores()["KeyValueStoreList"].get("Items", [])]


def test_both_planes_answer(keyfront):
    arn = keyfront.client("cloudfront").create_key_value_store(Name="redirects")["KeyValueStore"]["ARN"]
    data = keyfront.client("cloudfront-keyvaluestore")
    etag = data.describe_key_value_store(KvsARN=arn)["ETag"]
    data.put_key(KvsARN=arn, Key="/old", Value="/new", IfMatch=etag)
    assert data.get_key(KvsARN=arn, Key="/old")["Value"] == "/new"


def test_another_secret_is_refused(keyfront, monkeypatch):
    monkeypatch.setattr(keyfront, "secret_access_key", "another one")
    cloudfront = keyfront.client("cloudfront")
    with pytest.raises(cloudfront.exceptions.ClientError, match="SignatureDoesNotMatch"):
        names(cloudfront)


def test_a_snapshot_is_restored(keyfront):
    cloudfront = keyfront.client("cloudfront")
    cloudfront.create_key_value_store(Name="first")
    keyfront.save("first")
    cloudfront.create_key_value_store(Name="second")
    keyfront.restore("first")
    assert names(cloudfront) == ["first"]


def test_a_fault_is_met(keyfront):
    keyfront.request("POST", "/faults", {"Operation": "ListKeyValueStores", "Fault": "error", "Error": "AccessDenied"})
    cloudfront = keyfront.client("cloudfront")
    try:
        with pytest.raises(cloudfront.exceptions.AccessDenied):
            names(cloudfront)
    finally:
        keyfront.request("DELETE", "/faults")
