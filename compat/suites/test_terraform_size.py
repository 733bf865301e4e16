"""Terraform with many pairs and many distributions: nothing is lost or drifts, and the server's part of the time.

The time that the provider takes for `aws_cloudfrontkeyvaluestore_keys_exclusive` grows with the square of
the number of pairs, whatever the server does, so the sizes here are small. To measure others, name them in
KEYFRONT_TERRAFORM_PAIRS (`500 1000 2000`), and in KEYFRONT_FIGURES a file that takes a line for each command.
"""

import os
import re
import resource
import time
import urllib.request

import pytest

from clients import all_pairs, client, etag_of, new_store, put_all
from conftest import running
from keys import pem
from terraform import MINUTES, exclusive_block, hcl, store_block, stores_of

SIZES = [int(count) for count in os.environ.get("KEYFRONT_TERRAFORM_PAIRS", "150").split()]
FIGURES = os.environ.get("KEYFRONT_FIGURES")

# AWS: Quotas on key value stores.
STORE_BYTES = 5 * 1024 * 1024
KEY_BYTES, VALUE_BYTES = 512, 1024

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

pytestmark = [pytest.mark.long, pytest.mark.timeout(10 * MINUTES if not FIGURES else 0)]


@pytest.fixture
def durable(tmp_path):
    """A server that keeps what it is told, as a real one does."""
    with running(tmp_path, "--data", tmp_path / "data") as server:
        yield server


class Meter:
    """What the server and the client have taken so far."""

    def __init__(self, server):
        self.server, self.before = server, self._now(server)

    @staticmethod
    def _now(server):
        with DIRECT.open(f"{server.admin}/metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        children = resource.getrusage(resource.RUSAGE_CHILDREN)

        def total(name):
            return sum(float(value) for value in re.findall(rf"^{name}{{.*}} (\S+)$", metrics, re.MULTILINE))

        return {
            "wall": time.monotonic(),
            "client": children.ru_utime + children.ru_stime,
            "server": server.cpu_seconds,
            "latency": total("keyfront_request_duration_seconds_sum"),
            "requests": total("keyfront_request_duration_seconds_count"),
        }

    def lap(self, what):
        """Notes what was taken since the last lap."""
        now = self._now(self.server)
        took = {name: now[name] - self.before[name] for name in now}
        self.before = now
        line = (
            f"| {what} | {took['wall']:.1f} s | {took['client']:.1f} s | {took['requests']:.0f} "
            f"| {took['server']:.2f} s | {took['latency']:.2f} s | {100 * took['latency'] / took['wall']:.2f} % |"
        )
        print(line)
        if FIGURES:
            with open(FIGURES, "a", encoding="utf-8") as figures:
                figures.write(line + "\n")


def pairs_of_one_kilobyte(count):
    return {f"path/{number:06}": f"value {number} ".ljust(VALUE_BYTES - 11, ".") for number in range(count)}


def single_block(pairs, store="single"):
    entries = "".join(f"    {hcl(key)} = {hcl(value)}\n" for key, value in pairs.items())
    return store_block(store) + f"""
resource "aws_cloudfrontkeyvaluestore_key" "{store}" {{
  for_each = {{
{entries}  }}
  key_value_store_arn = aws_cloudfront_key_value_store.{store}.arn
  key                 = each.key
  value               = each.value
}}
"""


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("block", [exclusive_block, single_block])
def test_many_pairs_arrive_change_and_do_not_drift(project_on, durable, block, count):
    project = project_on(durable)
    project.patience = None if FIGURES else project.patience
    data = client(durable, "cloudfront-keyvaluestore")
    pairs = pairs_of_one_kilobyte(count)
    kind = block.__name__.removesuffix("_block")
    meter = Meter(durable)
    project.apply(block(pairs))
    meter.lap(f"{kind}, {count}: apply")
    (store,) = stores_of(durable).values()
    assert all_pairs(data, store["ARN"], MaxResults=50) == pairs
    meter.lap("(looking at it)")
    project.expect_no_drift()
    meter.lap(f"{kind}, {count}: plan without changes")

    changed = pairs | {key: "changed" for key in list(pairs)[:: 100]}
    project.write(block(changed))
    _, changes = project.plan()
    assert changes
    meter.lap(f"{kind}, {count}: plan with 1 % of the values changed")
    project.apply()
    meter.lap(f"{kind}, {count}: apply them")
    if block is exclusive_block:
        # This provider deletes a key whose value it has just changed; a second apply brings it back.
        project.apply()
        meter.lap(f"{kind}, {count}: apply again")
    assert all_pairs(data, store["ARN"], MaxResults=50) == changed


def test_a_full_store_is_taken_over_and_emptied(project_on, durable):
    project = project_on(durable)
    data = client(durable, "cloudfront-keyvaluestore")
    arn = new_store(client(durable, "cloudfront"), "exclusive")["KeyValueStore"]["ARN"]
    count, rest = divmod(STORE_BYTES, KEY_BYTES + VALUE_BYTES)
    full = {f"{number:0{KEY_BYTES}}": "v" * VALUE_BYTES for number in range(count)} | {"rest": "v" * (rest - 4)}
    put_all(data, arn, full)
    assert data.describe_key_value_store(KvsARN=arn)["TotalSizeInBytes"] == STORE_BYTES
    with pytest.raises(data.exceptions.ServiceQuotaExceededException):
        data.put_key(KvsARN=arn, Key="x", Value="", IfMatch=etag_of(data, arn))

    kept = dict(list(full.items())[:20]) | {"new": "pair"}
    project.write(exclusive_block(kept))
    project.terraform(
        "import", "-input=false", "-no-color", "aws_cloudfront_key_value_store.exclusive", "exclusive"
    )
    meter = Meter(durable)
    project.write(exclusive_block(dict(list(kept.items())[:20])))
    project.apply()
    meter.lap(f"exclusive, a full store cut down from {count + 1} to 20: apply")
    assert all_pairs(data, arn, MaxResults=50) == dict(list(kept.items())[:20])
    project.apply(exclusive_block(kept))
    assert all_pairs(data, arn, MaxResults=50) == kept
    project.expect_no_drift()


SITES = 50
# A function, a cache policy, an access control and a key group in each.
REFERENCES = 4 * SITES


def sites_block(comment):
    """Many distributions. A function, an access control and three policies have room for all of them."""
    return f"""
locals {{
  sites = toset([for number in range({SITES}) : format("site-%02d", number)])
}}

resource "aws_cloudfront_public_key" "signer" {{
  name        = "signer"
  encoded_key = {hcl(pem("rsa-2048"))}
}}

resource "aws_cloudfront_key_group" "readers" {{
  name  = "readers"
  items = [aws_cloudfront_public_key.signer.id]
}}

resource "aws_cloudfront_function" "edge" {{
  for_each = local.sites
  name     = each.key
  runtime  = "cloudfront-js-2.0"
  code     = "function handler(event) {{ return event.request; }}"
}}

resource "aws_cloudfront_origin_access_control" "bucket" {{
  for_each                          = local.sites
  name                              = each.key
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}}

resource "aws_cloudfront_cache_policy" "pages" {{
  name    = "pages"
  min_ttl = 1
  parameters_in_cache_key_and_forwarded_to_origin {{
    headers_config {{
      header_behavior = "none"
    }}
    cookies_config {{
      cookie_behavior = "none"
    }}
    query_strings_config {{
      query_string_behavior = "all"
    }}
  }}
}}

resource "aws_cloudfront_distribution" "site" {{
  for_each            = local.sites
  enabled             = false
  wait_for_deployment = false
  comment             = "{comment}"
  origin {{
    origin_id                = "bucket"
    domain_name              = "${{each.key}}.s3.us-east-1.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.bucket[each.key].id
  }}
  default_cache_behavior {{
    target_origin_id       = "bucket"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.pages.id
    trusted_key_groups     = [aws_cloudfront_key_group.readers.id]
    function_association {{
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.edge[each.key].arn
    }}
  }}
  restrictions {{
    geo_restriction {{
      restriction_type = "none"
    }}
  }}
  viewer_certificate {{
    cloudfront_default_certificate = true
  }}
}}
"""


def test_fifty_distributions_are_made_changed_and_destroyed(project_on, durable):
    project = project_on(durable)
    control = client(durable, "cloudfront")
    what = f"{SITES} distributions with {REFERENCES} references"
    meter = Meter(durable)
    project.apply(sites_block("first"))
    meter.lap(f"{what}: apply")
    assert control.list_distributions()["DistributionList"]["Quantity"] == SITES
    group, = control.list_key_groups()["KeyGroupList"]["Items"]
    by_group = control.list_distributions_by_key_group(KeyGroupId=group["KeyGroup"]["Id"])
    assert by_group["DistributionIdList"]["Quantity"] == SITES
    project.expect_no_drift()
    meter.lap(f"{what}: plan without changes")
    project.apply(sites_block("second"))
    meter.lap(f"{what}: apply a change of each")
    assert {row["Comment"] for row in control.list_distributions()["DistributionList"]["Items"]} == {"second"}
    project.terraform("destroy", "-auto-approve", "-input=false", "-no-color", f"-parallelism={SITES}")
    meter.lap(f"{what}: destroy")
    assert control.list_distributions()["DistributionList"]["Quantity"] == 0
