"""The AWS CLI, untouched, with distributions and invalidations: its own short options, its documented recipes."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

import keys
from distributions import ETAGS, configuration, counted
from server import run_with

# Of the older form of the name, which alone the CLI takes for a bucket's.
BUCKET = "pages.s3.amazonaws.com"


@pytest.fixture(scope="module")
def aws(server):
    return lambda *arguments, **more: keys.aws(server, *arguments, **more)


@pytest.fixture(scope="module")
def created(aws):
    """A distribution that was made by the name of its origin alone."""
    return aws("create-distribution", "--origin-domain-name", BUCKET, "--default-root-object", "index.html")


def test_an_origin_is_all_that_a_create_needs(aws, created):
    assert created["ETag"] == ETAGS[0]
    distribution = created["Distribution"]
    config = distribution["DistributionConfig"]
    origin, = config["Origins"]["Items"]
    assert origin["DomainName"] == BUCKET
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": "", "OriginReadTimeout": 30}
    assert (config["Enabled"], config["DefaultRootObject"], config["PriceClass"]) == (
        True, "index.html", "PriceClass_All",
    )
    # Its behavior is of the older kind: what it does not send is filled in.
    behavior = config["DefaultCacheBehavior"]
    assert (behavior["MinTTL"], behavior["DefaultTTL"], behavior["MaxTTL"]) == (0, 86400, 31536000)
    assert behavior["ForwardedValues"] == {
        "QueryString": False, "Cookies": {"Forward": "none"}, "Headers": {"Quantity": 0},
        "QueryStringCacheKeys": {"Quantity": 0},
    }
    assert behavior["AllowedMethods"] == {**counted("HEAD", "GET"), "CachedMethods": counted("HEAD", "GET")}
    assert created["Location"].endswith(f"/distribution/{distribution['Id']}")
    listed = aws("list-distributions", "--query", "DistributionList.Items[].Id")
    assert distribution["Id"] in listed


def test_a_distribution_is_waited_for(aws, created):
    aws("wait", "distribution-deployed", "--id", created["Distribution"]["Id"])


def test_a_configuration_is_read_changed_and_sent_back(aws, created, tmp_path):
    """`get-distribution-config`, `jq` and `update-distribution`, as the CLI's own guide tells."""
    name = created["Distribution"]["Id"]
    read = aws("get-distribution-config", "--id", name)
    read["DistributionConfig"]["Comment"] = "changed"
    document = tmp_path / "dist-config.json"
    document.write_text(json.dumps(read["DistributionConfig"]))
    update = ("update-distribution", "--id", name, "--distribution-config", document.as_uri())
    updated = aws(*update, "--if-match", read["ETag"])
    assert updated["Distribution"]["DistributionConfig"] == read["DistributionConfig"]
    assert updated["ETag"] == ETAGS[1]
    stale = aws(*update, "--if-match", read["ETag"], fails=True)
    assert "(PreconditionFailed)" in stale
    # A document of one's own lacks what an update demands.
    own = {**configuration(), "CallerReference": read["DistributionConfig"]["CallerReference"]}
    document.write_text(json.dumps(own))
    assert "(IllegalUpdate)" in aws(*update, "--if-match", updated["ETag"], fails=True)


def test_the_root_object_is_changed_by_an_option(aws):
    made = aws("create-distribution", "--origin-domain-name", "pages.s3-website-us-east-1.amazonaws.com")
    name = made["Distribution"]["Id"]
    origin, = made["Distribution"]["DistributionConfig"]["Origins"]["Items"]
    assert origin["CustomOriginConfig"] == {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only", "OriginReadTimeout": 30,
        "OriginKeepaliveTimeout": 5, "OriginSslProtocols": counted("SSLv3", "TLSv1"),
    }
    # The command reads the configuration, and sends it back with the change.
    changed = aws("update-distribution", "--id", name, "--default-root-object", "start.html")
    config = changed["Distribution"]["DistributionConfig"]
    assert config == {**made["Distribution"]["DistributionConfig"], "DefaultRootObject": "start.html"}


def test_paths_are_invalidated(aws, created):
    name = created["Distribution"]["Id"]
    made = aws("create-invalidation", "--distribution-id", name, "--paths", "/index.html", "/images/*")
    batch = made["Invalidation"]["InvalidationBatch"]
    assert set(batch["Paths"]["Items"]) == {"/index.html", "/images/*"}
    assert batch["CallerReference"].startswith("cli-")
    invalidation = ("--distribution-id", name, "--id", made["Invalidation"]["Id"])
    aws("wait", "invalidation-completed", *invalidation)
    assert aws("get-invalidation", *invalidation)["Invalidation"]["Status"] == "Completed"
    listed = aws("list-invalidations", "--distribution-id", name)["InvalidationList"]["Items"]
    assert [row["Id"] for row in listed] == [made["Invalidation"]["Id"]]


def test_a_distribution_with_tags_is_disabled_and_deleted(aws, tmp_path):
    document = tmp_path / "distribution.json"
    tags = {"Items": [{"Key": "team", "Value": "web"}]}
    document.write_text(json.dumps({"DistributionConfig": configuration(), "Tags": tags}))
    made = aws("create-distribution-with-tags", "--distribution-config-with-tags", document.as_uri())
    name = made["Distribution"]["Id"]
    assert aws("list-tags-for-resource", "--resource", made["Distribution"]["ARN"]) == {"Tags": tags}
    delete = ("delete-distribution", "--id", name, "--if-match")
    assert "(DistributionNotDisabled)" in aws(*delete, made["ETag"], fails=True)
    read = aws("get-distribution-config", "--id", name)
    document.write_text(json.dumps({**read["DistributionConfig"], "Enabled": False}))
    off = aws(
        "update-distribution", "--id", name, "--distribution-config", document.as_uri(), "--if-match", read["ETag"]
    )
    aws(*delete, off["ETag"])
    assert "(NoSuchDistribution)" in aws("get-distribution", "--id", name, fails=True)


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed: its recipe was not checked")
def test_the_recipe_with_jq(server, aws, created, tmp_path):
    """What many pipelines have: ETag and configuration by two filters, and one more for the change."""
    name = created["Distribution"]["Id"]
    script = f"""
    set -e
    aws cloudfront get-distribution-config --id {name} > read.json
    jq '.DistributionConfig | .PriceClass = "PriceClass_100"' read.json > config.json
    aws cloudfront update-distribution --id {name} --if-match "$(jq -r .ETag read.json)" \
      --distribution-config file://config.json
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    answer = run_with(server, ["bash", "-c", script], environment={"PATH": path, "AWS_PAGER": ""}, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    config = aws("get-distribution-config", "--id", name)["DistributionConfig"]
    assert (config["PriceClass"], config["DefaultRootObject"]) == ("PriceClass_100", "index.html")
