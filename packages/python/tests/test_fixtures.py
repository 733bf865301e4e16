"""The fixtures, in a project that has a seed. These tests pass in any order and on any number of processes."""

import os
import subprocess
import urllib.error
import urllib.request

import boto3
import pytest

import keyfront as package


def pairs(server, store):
    data = server.client("cloudfront-keyvaluestore")
    listed = data.list_keys(KvsARN=arn(server, store))
    return {item["Key"]: item["Value"] for item in listed["Items"]}


def arn(server, store):
    return server.client("cloudfront").describe_key_value_store(Name=store)["KeyValueStore"]["ARN"]


def put(server, store, key, value):
    data = server.client("cloudfront-keyvaluestore")
    etag = data.describe_key_value_store(KvsARN=arn(server, store))["ETag"]
    return data.put_key(KvsARN=arn(server, store), Key=key, Value=value, IfMatch=etag)


def stores(client):
    listed = client.list_key_value_stores()["KeyValueStoreList"].get("Items", [])
    return sorted(store["Name"] for store in listed)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_changes_is_undone(keyfront, turn):
    assert pairs(keyfront, "redirects") == {"/old": "/new", "/sale": "/summer"}
    put(keyfront, "redirects", "/offer", f"/{turn}")
    keyfront.client("cloudfront").create_key_value_store(Name="more")
    keyfront.fault("GetKey", "internal-error")


@pytest.mark.parametrize("turn", [1, 2])
def test_faults_are_undone_too(keyfront, turn):
    assert keyfront.request("GET", "/faults") == []
    keyfront.fault("GetKey", "internal-error")


def test_clients_that_the_tested_code_makes_reach_the_server(keyfront):
    boto3.client("cloudfront").create_key_value_store(Name="made-by-the-code")
    assert stores(keyfront.client("cloudfront")) == ["made-by-the-code", "redirects"]
    assert boto3.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_the_environment_leads_to_the_server_only_during_the_test(keyfront_server):
    assert os.environ.get("KEYFRONT_ENDPOINT") is None
    with keyfront_server.environment():
        assert os.environ["KEYFRONT_ENDPOINT"] == keyfront_server.endpoint
        assert "AWS_PROFILE" not in os.environ
    assert os.environ.get("KEYFRONT_ENDPOINT") is None


def test_a_profile_of_the_person_does_not_matter(keyfront, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "there-is-none-of-this-name")
    assert stores(keyfront.client("cloudfront")) == ["redirects"]


@pytest.mark.keyfront_seed("more", flags={"gamma": "ü €"}, empty={})
def test_stores_for_one_test(keyfront):
    assert stores(keyfront.client("cloudfront")) == ["empty", "flags", "redirects"]
    assert pairs(keyfront, "flags") == {"beta": "on", "gamma": "ü €"}


def test_stores_of_another_test_are_gone(keyfront):
    assert stores(keyfront.client("cloudfront")) == ["redirects"]


@pytest.mark.keyfront_seed(flags={"of": "class", "beta": "off"})
class TestMarkersAddUp:
    @pytest.mark.keyfront_seed(flags={"beta": "on"})
    def test_the_closest_wins(self, keyfront):
        assert pairs(keyfront, "flags") == {"of": "class", "beta": "on"}


def test_a_fault_with_a_count(keyfront):
    with keyfront.fault("PutKey", "throttle", count=2) as fault:
        assert (fault.hits, fault.is_used_up) == (0, False)
        answer = put(keyfront, "redirects", "/a", "/b")
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
        assert (fault.hits, fault.is_used_up) == (2, True)
    assert fault.hits == 2


def test_a_fault_ends_with_its_block(keyfront):
    data = keyfront.client("cloudfront-keyvaluestore")
    with keyfront.fault("GetKey=error=ResourceNotFoundException") as fault:
        with pytest.raises(data.exceptions.ResourceNotFoundException):
            data.get_key(KvsARN=arn(keyfront, "redirects"), Key="/old")
    assert data.get_key(KvsARN=arn(keyfront, "redirects"), Key="/old")["Value"] == "/new"
    assert fault.hits == 1


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (("PutKey",), "which fault"),
        (("PutKey=drop", "throttle"), "already"),
        (("PutKey=drop,often",), "NAME=VALUE"),
    ],
)
def test_a_rule_that_is_not_one(keyfront, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        keyfront.fault(*arguments)


def test_a_rule_that_the_server_refuses(keyfront):
    with pytest.raises(package.AdminError, match="Nothing") as raised:
        keyfront.fault("Nothing", "throttle")
    assert raised.value.status == 400


def test_a_snapshot_inside_a_test(keyfront):
    put(keyfront, "redirects", "/kept", "/yes")
    with keyfront.snapshot():
        put(keyfront, "redirects", "/lost", "/yes")
    assert pairs(keyfront, "redirects").keys() == {"/old", "/sale", "/kept"}


def test_a_command(keyfront):
    assert keyfront.run("kvs", "get", "redirects", "/old") == "/new\n"
    with pytest.raises(subprocess.CalledProcessError) as raised:
        keyfront.run("kvs", "get", "redirects", "/nothing")
    assert "/nothing" in raised.value.stderr


def test_a_second_server_beside_the_first(keyfront):
    with package.Server() as other:
        assert stores(other.client("cloudfront")) == []
        assert other.endpoint != keyfront.endpoint
    with pytest.raises(OSError):
        other.request("GET", "/faults")


def test_a_server_that_cannot_start_says_why(tmp_path):
    (tmp_path / "wrong.json").write_text('{"a": 1}')
    with pytest.raises(package.StartError, match=r"wrong\.json:1:2"):
        package.Server(seed=tmp_path).start()


def test_viewers_are_served_where_the_server_says(keyfront):
    for edge in keyfront.edges:
        with pytest.raises(urllib.error.HTTPError) as raised, urllib.request.urlopen(edge):
            pass
        # There is no distribution of that name.
        assert raised.value.headers["X-Cache"] == "Error from cloudfront"


def test_the_module_is_the_program():
    import sys

    answer = subprocess.run([sys.executable, "-m", "keyfront", "--version"], capture_output=True, text=True)
    assert answer.stdout.startswith("keyfront ")
    assert answer.returncode == 0
