"""Terraform with many pairs: everything arrives, nothing drifts, and what the server's part of the time is.

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
