"""The AWS CLI, untouched, under `keyfront exec`."""

import json
import sys
from pathlib import Path

import pytest

from clients import unique_name
from server import ACCOUNT, run_with

AWS = Path(sys.executable).parent / "aws"


@pytest.fixture(scope="module")
def aws(server):
    """Runs an `aws` command and returns its JSON; with `fails` its error text instead."""

    def aws(*arguments, fails=False):
        answer = run_with(server, [AWS, *arguments], environment={"PYTHONIOENCODING": "utf-8", "AWS_PAGER": ""})
        if fails:
            assert answer.returncode != 0, answer.stdout
            return answer.stderr
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout) if answer.stdout.strip() else None

    return aws


def test_the_life_of_a_store(aws):
    name = unique_name()
    created = aws("cloudfront", "create-key-value-store", "--name", name, "--comment", "from the CLI")
    assert created["ETag"] == "ETVPDKIKX0DER"
    assert created["KeyValueStore"]["Status"] == "PROVISIONING"
    assert created["Location"].endswith(created["KeyValueStore"]["ARN"])

    described = aws("cloudfront", "describe-key-value-store", "--name", name)
    assert described["KeyValueStore"]["Comment"] == "from the CLI"
    assert described["KeyValueStore"]["Status"] == "READY"

    update = ("cloudfront", "update-key-value-store", "--name", name, "--comment", "")
    assert aws(*update, "--if-match", described["ETag"])["ETag"] == "E3UN6WX5RRO2AG"
    assert "PreconditionFailed" in aws(*update, "--if-match", described["ETag"], fails=True)

    listed = aws("cloudfront", "list-key-value-stores", "--page-size", "1")
    assert name in [store["Name"] for store in listed["KeyValueStoreList"]["Items"]]

    aws("cloudfront", "delete-key-value-store", "--name", name, "--if-match", "E3UN6WX5RRO2AG")
    assert "EntityNotFound" in aws("cloudfront", "describe-key-value-store", "--name", name, fails=True)


def test_tags(aws):
    created = aws("cloudfront", "create-key-value-store", "--name", unique_name())
    resource = ("--resource", created["KeyValueStore"]["ARN"])
    aws("cloudfront", "tag-resource", *resource, "--tags", json.dumps({"Items": [{"Key": "a b", "Value": "ü"}]}))
    tags = aws("cloudfront", "list-tags-for-resource", *resource)
    assert tags == {"Tags": {"Items": [{"Key": "a b", "Value": "ü"}]}}
    aws("cloudfront", "untag-resource", *resource, "--tag-keys", json.dumps({"Items": ["a b"]}))
    assert aws("cloudfront", "list-tags-for-resource", *resource) == {"Tags": {"Items": []}}


def test_the_life_of_a_pair(aws):
    name = unique_name()
    aws("cloudfront", "create-key-value-store", "--name", name)
    arn = aws("cloudfront", "describe-key-value-store", "--name", name)["KeyValueStore"]["ARN"]

    def kvs(operation, *arguments, **more):
        return aws("cloudfront-keyvaluestore", operation, "--kvs-arn", arn, *arguments, **more)

    etag = kvs("describe-key-value-store")["ETag"]
    put = kvs("put-key", "--key", "a/b ü%", "--value", "😀", "--if-match", etag)
    assert (put["ItemCount"], put["TotalSizeInBytes"]) == (1, 11)
    got = kvs("get-key", "--key", "a/b ü%")
    assert (got["Key"], got["Value"]) == ("a/b ü%", "😀")

    stale = kvs("put-key", "--key", "x", "--value", "y", "--if-match", etag, fails=True)
    assert "ValidationException" in stale and "Pre-Condition failed during update of Key-Value-Store" in stale

    puts = json.dumps([{"Key": f"k{number:02}", "Value": str(number)} for number in range(30)])
    updated = kvs("update-keys", "--puts", puts, "--deletes", json.dumps([{"Key": "a/b ü%"}]), "--if-match", put["ETag"])
    assert updated["ItemCount"] == 30
    listed = kvs("list-keys", "--page-size", "7")
    assert [item["Key"] for item in listed["Items"]] == [f"k{number:02}" for number in range(30)]

    deleted = kvs("delete-key", "--key", "k00", "--if-match", updated["ETag"])
    assert deleted["ItemCount"] == 29
    assert "ResourceNotFoundException" in kvs("get-key", "--key", "k00", fails=True)


def test_who_is_calling(aws):
    assert aws("sts", "get-caller-identity")["Account"] == ACCOUNT
