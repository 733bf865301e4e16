"""The AWS Rust SDK on the data plane: a small program of the tests' own under `keyfront exec`."""

import os

import pytest

from clients import new_arn
from server import run_with

CLIENT = os.environ.get("KEYFRONT_RUST_SDK_BIN", "")

pytestmark = pytest.mark.skipif(
    not os.path.exists(CLIENT),
    reason="the Rust SDK client is not built: KEYFRONT_RUST_SDK_BIN names no file (`cargo xtask test` builds it)",
)


@pytest.fixture
def sdk(server, control):
    """Calls the client on a new store and returns the lines that it printed, as a dictionary."""
    arn = new_arn(control)

    def sdk(operation, *arguments, on=arn, fails=False):
        answer = run_with(server, [CLIENT, on, operation, *arguments])
        if fails:
            assert answer.returncode == 1, answer.stdout + answer.stderr
            return answer.stdout.strip()
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return dict(line.split("=", 1) for line in answer.stdout.splitlines())

    sdk.arn = arn
    return sdk


def test_all_six_operations(sdk):
    described = sdk("describe")
    assert described["arn"] == sdk.arn and described["status"] == "READY"
    assert float(described["created"]) > 1_700_000_000

    put = sdk("put", described["etag"], "a/b", "ü")
    assert (put["etag"], put["item_count"], put["total_size"]) == ("KV3UN6WX5RRO2AG", "1", "5")
    assert sdk("get", "a/b")["a/b"] == "ü"

    updated = sdk("update", put["etag"], "+c=3", "+d=4", "+e=5", "-a/b")
    assert updated["item_count"] == "3"
    assert sdk("list", "2") == {"c": "3", "d": "4", "e": "5"}

    deleted = sdk("delete", updated["etag"], "c")
    assert deleted["item_count"] == "2" and deleted["etag"] != updated["etag"]


@pytest.mark.parametrize("key", ["a b", "a%2Fb", "/lead", "trail/", "a//b", "ü/ñ", "😀", "..", ".", "100%", "a+b?c&d#e"])
def test_keys_survive(sdk, key):
    sdk("put", sdk("describe")["etag"], key, "value")
    assert sdk("get", key)[key] == "value"
    assert sdk("list", "10") == {key: "value"}


def test_errors_are_the_sdks_own_types(sdk):
    etag = sdk("describe")["etag"]
    missing = sdk("get", "gone", fails=True)
    assert missing == "ResourceNotFoundException: Key gone was not found."
    sdk("put", etag, "k", "v")
    stale = sdk("put", etag, "k", "w", fails=True)
    assert stale.startswith("ValidationException: ") and "Pre-Condition failed" in stale
    large = sdk("put", sdk("describe")["etag"], "k", "v" * 1025, fails=True)
    assert large.startswith("ServiceQuotaExceededException: Limit exceeded: ")


def test_a_deleted_store_is_a_conflict(control, sdk):
    (store,) = [s for s in control.list_key_value_stores()["KeyValueStoreList"]["Items"] if s["ARN"] == sdk.arn]
    etag = control.describe_key_value_store(Name=store["Name"])["ETag"]
    control.delete_key_value_store(Name=store["Name"], IfMatch=etag)
    assert sdk("describe", fails=True).startswith("ConflictException: ")
