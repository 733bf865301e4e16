"""`keyfront kvs --aws`: credentials, region and endpoints from where the AWS tools have them.

The endpoints of the environment lead to a server here, through a proxy that the SDK is told of, because the SDK
puts the account in front of the data plane's host.
"""

import pytest

from clients import all_pairs
from kvs_command import Kvs, write_json
from server import ACCESS_KEY, SECRET_KEY

CONFIG = f"""
[default]
region = ap-southeast-2
aws_access_key_id = unknown
aws_secret_access_key = nothing

[profile local]
region = eu-west-3
aws_access_key_id = {ACCESS_KEY}
aws_secret_access_key = {SECRET_KEY}
"""


@pytest.fixture
def aws(server, proxy, tmp_path):
    """A function that gives `keyfront kvs` with an environment for AWS."""
    (tmp_path / "config").write_text(CONFIG)

    def with_environment(**more):
        environment = {
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL_CLOUDFRONT": proxy.endpoint,
            "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": f"http://keyfront.internal:{server.port}",
            "HTTP_PROXY": proxy.endpoint,
            "NO_PROXY": "127.0.0.1",
            **more,
        }
        return Kvs("http://127.0.0.1:1", tmp_path, **environment)

    return with_environment


def test_a_profile_signs_for_its_region_and_the_extension_is_not_asked_for(aws, proxy, store, data):
    kvs = aws()
    write_json(kvs.folder / "p.json", {f"k{number:02}": "v" for number in range(60)})
    answer = kvs.json("sync", store["name"], "--from", "p.json", "--yes", "--aws", "--profile", "local")
    assert (answer["Added"], answer["Requests"], answer["Atomic"]) == (60, 2, False)
    assert len(all_pairs(data, store["arn"])) == 60
    assert {seen.operation for seen in proxy.seen} == {
        "control plane", "DescribeKeyValueStore", "ListKeys", "UpdateKeys",
    }
    for seen in proxy.seen:
        signature = seen.headers.get("Authorization") or seen.headers["authorization"]
        if seen.operation == "control plane":
            assert f"Credential={ACCESS_KEY}/" in signature and "/eu-west-3/cloudfront/aws4_request" in signature
        else:
            assert signature.startswith("AWS4-ECDSA-P256-SHA256 ") and "/cloudfront-keyvaluestore/" in signature


def test_a_profile_that_is_named_is_used_whatever_the_environment_has(aws):
    other = {"AWS_ACCESS_KEY_ID": "unknown", "AWS_SECRET_ACCESS_KEY": "nothing"}
    aws(**other).ok("list", "--aws", "--profile", "local")
    assert "InvalidClientTokenId" in aws(**other).fails("list", "--aws")


def test_without_a_profile_the_usual_chain_is_asked(aws):
    assert "InvalidClientTokenId" in aws().fails("list", "--aws")
    aws(AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY).ok("list", "--aws")
    aws(AWS_PROFILE="local").ok("list", "--aws")


def test_a_region_of_the_command_line_goes_before_that_of_the_profile(aws, proxy):
    aws().ok("list", "--aws", "--profile", "local", "--region", "sa-east-1")
    headers = proxy.seen[-1].headers
    assert "/sa-east-1/cloudfront/" in (headers.get("Authorization") or headers["authorization"])


def test_credentials_that_are_not_there_are_said_before_anything_is_sent(aws, proxy):
    said = aws().fails("list", "--aws", "--profile", "nope")
    assert "there are no credentials to sign with: profile `nope` was not defined" in said
    said = aws(AWS_CONFIG_FILE="/dev/null").fails("list", "--aws")
    assert "there are no credentials to sign with: no credentials found in chain" in said
    assert proxy.seen == []


def test_an_endpoint_that_is_not_there_is_a_matter_of_the_network(aws):
    said = aws(AWS_ENDPOINT_URL_CLOUDFRONT="http://127.0.0.1:1").fails("list", "--aws", "--profile", "local")
    assert "AWS did not answer: Connection refused" in said and said.endswith("; check the network\n")
