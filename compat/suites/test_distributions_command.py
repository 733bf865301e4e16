"""`keyfront distributions` and `keyfront policies` against a server: list, describe, disable, delete, invalidate, wait."""

import json

import pytest

from clients import client
from conftest import running
from distributions_command import CACHING_OPTIMIZED, Distributions, bucket


class Policies(Distributions):
    """Runs `keyfront policies`."""

    def command(self, *arguments):
        command = super().command(*arguments)
        command["args"][1] = "policies"
        return command


@pytest.fixture
def command(server, tmp_path):
    return Distributions(server.endpoint, folder=tmp_path)


@pytest.fixture
def cloudfront(server):
    return client(server, "cloudfront")


@pytest.fixture
def distribution(cloudfront, request):
    """A distribution of the test's own."""
    config = bucket(request.node.name)
    return cloudfront.create_distribution(DistributionConfig=config)["Distribution"]


def test_a_distribution_is_listed_and_described(command, distribution):
    listed = {item["Id"]: item for item in command.json("list")}
    item = listed[distribution["Id"]]
    assert item["DomainName"] == distribution["DomainName"] and item["Enabled"] is True
    assert distribution["Id"] in command.ok("list") and distribution["DomainName"] in command.ok("list")
    shown = command.json("describe", distribution["Id"])
    assert shown == command.json("describe", distribution["DomainName"])
    assert shown["Origins"] == [{"Id": "bucket", "DomainName": "site.s3.amazonaws.com"}]
    [behavior] = shown["Behaviors"]
    assert behavior == {
        "PathPattern": None, "TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": CACHING_OPTIMIZED,
    }
    text = command.ok("describe", distribution["Id"])
    assert f"domain     {distribution['DomainName']}\n" in text
    assert f"behaviors  *  bucket  redirect-to-https  cache policy {CACHING_OPTIMIZED}\n" in text


def test_an_enabled_distribution_is_disabled_before_it_is_deleted(command, cloudfront, distribution):
    id = distribution["Id"]
    assert f"nothing was deleted: {id} is enabled; add --disable" in command.fails("delete", "--yes", id)
    assert "add --yes" in command.fails("delete", "--disable", id)
    assert command.ok("delete", "--disable", "--yes", id) == f"deleted {id}\n"
    with pytest.raises(cloudfront.exceptions.NoSuchDistribution):
        cloudfront.get_distribution(Id=id)
    said = command.fails("delete", "--yes", id)
    assert f"there is no distribution {id} at " in said and "`keyfront distributions list` lists them" in said


def test_a_distribution_is_disabled_once(command, cloudfront, distribution):
    id = distribution["Id"]
    assert command.ok("disable", "--wait", id) == f"disabled {id} (Deployed)\n"
    etag = cloudfront.get_distribution(Id=id)["ETag"]
    assert command.ok("disable", id).startswith(f"already disabled: {id} ")
    assert cloudfront.get_distribution(Id=id)["ETag"] == etag
    config = cloudfront.get_distribution_config(Id=id)["DistributionConfig"]
    assert config["Enabled"] is False and config["Comment"] == distribution["DistributionConfig"]["Comment"]
    assert command.json("delete", "--yes", id) == {"Deleted": id}


def test_paths_are_invalidated_and_waited_for(command, distribution):
    id = distribution["Id"]
    made = command.json("invalidate", id, "/index.html", "/images/*", "--wait")
    assert made["DistributionId"] == id and made["Status"] == "Completed"
    assert sorted(made["Paths"]) == ["/images/*", "/index.html"]
    assert command.ok("wait", id, "--invalidation", made["Id"]) == f"{made['Id']} is Completed\n"
    references = ["--caller-reference", "deploy-1"]
    first = command.json("invalidate", id, "/a", *references)
    assert command.json("invalidate", id, "/a", *references)["Id"] == first["Id"]
    assert command.json("invalidate", id, "/a")["Id"] != first["Id"]
    assert "invalidation paths" in command.fails("invalidate", id, "a")
    assert "PATH" in command.fails("invalidate", id, code=2)


def test_a_distribution_is_waited_for(command, distribution):
    assert command.ok("wait", distribution["Id"]) == f"{distribution['Id']} is Deployed\n"
    assert "there is no distribution ENONE" in command.fails("wait", "ENONE")
    assert "--timeout <DURATION>" in command.fails("wait", "ENONE", "--timeout", "soon", code=2)


def test_what_is_waited_for_is_said_on_standard_error(tmp_path):
    config = tmp_path / "keyfront.toml"
    config.write_text("[settling]\ndistribution = 3\ninvalidation = 3\n")
    with running(tmp_path, "--config", config) as server:
        command = Distributions(server.endpoint, folder=tmp_path)
        made = client(server, "cloudfront").create_distribution(DistributionConfig=bucket("slow"))["Distribution"]
        id = made["Id"]
        said = command.fails("wait", id, "--timeout", "1s")
        assert f"{id} is still InProgress; wait longer with --timeout" in said
        answer = command.run("wait", id)
        assert (answer.code, answer.out) == (0, f"{id} is Deployed\n")
        answer = command.run("invalidate", id, "/*", "--wait", "--output", "json")
        assert answer.json["Status"] == "Completed"
        assert answer.err == f"{answer.json['Id']} is InProgress; waiting until it is Completed\n"
        answer = command.run("delete", "--disable", "--yes", id)
        assert (answer.code, answer.out) == (0, f"deleted {id}\n")
        assert answer.err == f"{id} is InProgress; waiting until it is Deployed\n"


def test_policies_are_listed_by_kind_and_type(server, tmp_path, cloudfront):
    policies = Policies(server.endpoint, folder=tmp_path)
    managed = policies.json("list", "--managed")
    assert {item["Type"] for item in managed} == {"managed"}
    assert {item["Kind"] for item in managed} == {"cache", "origin-request", "response-headers"}
    [optimized] = [item for item in managed if item["Id"] == CACHING_OPTIMIZED]
    assert (optimized["Kind"], optimized["Name"]) == ("cache", "Managed-CachingOptimized")
    own = cloudfront.create_origin_request_policy(OriginRequestPolicyConfig={
        "Name": "listed-by-the-command", "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"}, "QueryStringsConfig": {"QueryStringBehavior": "none"},
    })["OriginRequestPolicy"]
    custom = policies.json("list", "--custom", "--kind", "origin-request")
    assert [item["Id"] for item in custom if item["Name"] == "listed-by-the-command"] == [own["Id"]]
    assert {item["Type"] for item in custom} == {"custom"}
    assert f"origin-request    custom   {own['Id']}  " in policies.ok("list")
    assert "cannot be used with" in policies.fails("list", "--managed", "--custom", code=2)
    assert json.loads(policies.ok("list", "--kind", "cache", "--managed", "--output", "json"))
