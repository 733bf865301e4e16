"""Terraform with the AWS provider 5.100.0, untouched, under `keyfront exec`.

Each Terraform command starts the provider anew, which takes seconds; so a test walks through the life of
a resource instead of looking at one step.
"""

import pytest

from clients import all_pairs, client, etag_of
from terraform import MINUTES, delete_store, exclusive_block, hcl, store_block, stores_of


@pytest.mark.timeout(10 * MINUTES)
def test_stores_are_made_changed_imported_and_destroyed(project):
    special = "a <comment> & \"quotes\" 'n' ünï"
    project.apply(store_block("plain") + store_block("empty", "") + store_block("special", special))
    found = stores_of(project.server)
    assert set(found) == {"plain", "empty", "special"}
    assert found["special"]["Comment"] == special
    assert project.state_of("aws_cloudfront_key_value_store.plain")["etag"] == "ETVPDKIKX0DER"
    project.expect_no_drift()

    project.apply(store_block("plain", "now with") + store_block("empty", "") + store_block("special", ""))
    found = stores_of(project.server)
    assert (found["plain"]["Comment"], found["special"]["Comment"]) == ("now with", "")
    assert project.state_of("aws_cloudfront_key_value_store.plain")["etag"] == "E3UN6WX5RRO2AG"

    project.import_again({"aws_cloudfront_key_value_store.plain": "plain"})
    project.expect_no_drift()
    project.destroy()
    assert stores_of(project.server) == {}


KEYS = {
    "k1": "v1", "a/b": "slash", "a%2Fb": "percent", "ü/ñ": "unicode", "😀": "four bytes", ".": "dot", "..": "dots",
    "/lead": "", "a b+c?d&e#f": "reserved", "q\"'\\": "quotes",
}


def keys_block(pairs):
    entries = "".join(f"    {hcl(key)} = {hcl(value)}\n" for key, value in pairs.items())
    return store_block("pairs") + f"""
resource "aws_cloudfrontkeyvaluestore_key" "key" {{
  for_each            = {{
{entries}  }}
  key_value_store_arn = aws_cloudfront_key_value_store.pairs.arn
  key                 = each.key
  value               = each.value
}}
"""


@pytest.mark.timeout(10 * MINUTES)
def test_single_keys_are_made_changed_repaired_imported_and_destroyed(project):
    data = client(project.server, "cloudfront-keyvaluestore")
    project.apply(keys_block(KEYS))
    arn = stores_of(project.server)["pairs"]["ARN"]
    assert all_pairs(data, arn) == KEYS
    project.expect_no_drift()

    # A changed value, a key that leaves, and one that another client has removed meanwhile.
    data.delete_key(KvsARN=arn, Key="a/b", IfMatch=etag_of(data, arn))
    changed = {**KEYS, "k1": "changed"}
    del changed["😀"]
    project.apply(keys_block(changed))
    assert all_pairs(data, arn) == changed

    project.import_again({'aws_cloudfrontkeyvaluestore_key.key["a/b"]': f"{arn},a/b"})
    project.expect_no_drift()
    # The store's own ETag is the one from before its keys were deleted: the planes' ETags are independent.
    project.destroy()
    assert stores_of(project.server) == {}


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_an_exclusive_set_of_169_keys_holds_against_others(project):
    data = client(project.server, "cloudfront-keyvaluestore")
    pairs = {f"key/{number} ü%": f"value {number}" for number in range(169)}
    project.apply(exclusive_block(pairs))
    arn = stores_of(project.server)["exclusive"]["ARN"]
    assert all_pairs(data, arn, MaxResults=50) == pairs
    project.expect_no_drift()

    # Another client adds a key and removes another: both are put right.
    data.update_keys(
        KvsARN=arn, IfMatch=etag_of(data, arn), Puts=[{"Key": "foreign", "Value": "x"}],
        Deletes=[{"Key": "key/7 ü%"}],
    )
    project.apply()
    assert all_pairs(data, arn, MaxResults=50) == pairs

    project.import_again({"aws_cloudfrontkeyvaluestore_keys_exclusive.exclusive": arn})
    fewer = dict(list(pairs.items())[:60]) | {"new": "1"}
    project.apply(exclusive_block(fewer, batch=35))
    assert all_pairs(data, arn, MaxResults=50) == fewer
    project.expect_no_drift()

    # The store disappears with all its keys: everything is made again.
    delete_store(project.server, "exclusive")
    project.apply()
    again = stores_of(project.server)["exclusive"]["ARN"]
    assert again != arn
    assert all_pairs(data, again, MaxResults=50) == fewer
    project.destroy()
    assert stores_of(project.server) == {}


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_keys_of_a_store_that_disappeared_are_made_again(project):
    data = client(project.server, "cloudfront-keyvaluestore")
    project.apply(keys_block({"k1": "v1", "a/b": "v2"}))
    delete_store(project.server, "pairs")
    project.apply()
    assert all_pairs(data, stores_of(project.server)["pairs"]["ARN"]) == {"k1": "v1", "a/b": "v2"}
    project.destroy()
    assert stores_of(project.server) == {}
