"""Keys of every kind round-trip: through the path, through batches and through lists."""

import pytest

from clients import all_pairs, etag_of, put_all

# Every key that an SDK can send in a path (both the Go SDK and botocore encode all but unreserved characters).
KEYS = [
    "k1", "a b", "a/b", "a%2Fb", "100%", "%", "%zz", "ü/ñ", "/lead", "trail/", "/", "//", "a//b", "a+b", "a?b&c=d#e",
    "q\"'\\", ":=;@$!*()[]{}|^`<>", "😀", "~x-_.", "../x", "./x", "x/..", "...", "a\tb", "a\nb", "\u0001", "\u007f",
    "\u00a0", "\u2028", "e\u0301", "\ufeffbom", "\U0010ffff", "ключ", "keys", "?NextToken=x", "#", "&amp;", "null",
    "namespace:/path/to/file.html", "x" * 512, "ü" * 256,
]
# urllib3 removes these segments after signing, so botocore reaches them in batches only.
DOTS = [".", ".."]


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_a_key_survives_the_path(data, arn, key):
    etag = data.put_key(KvsARN=arn, Key=key, Value=f"of {key}", IfMatch=etag_of(data, arn))["ETag"]
    read = data.get_key(KvsARN=arn, Key=key)
    assert (read["Key"], read["Value"]) == (key, f"of {key}")
    assert all_pairs(data, arn) == {key: f"of {key}"}
    assert data.delete_key(KvsARN=arn, Key=key, IfMatch=etag)["ItemCount"] == 0


def test_all_keys_live_side_by_side(data, arn):
    pairs = {key: f"value of {key}" for key in KEYS + DOTS}
    put_all(data, arn, pairs)
    assert all_pairs(data, arn, MaxResults=7) == pairs
    total = sum(len(key.encode()) + len(value.encode()) for key, value in pairs.items())
    answer = data.describe_key_value_store(KvsARN=arn)
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (len(pairs), total)
    for key in KEYS:
        assert data.get_key(KvsARN=arn, Key=key)["Value"] == pairs[key]


@pytest.mark.parametrize("value", ["\u0000", "\r\n", '"\\', "\u2028\u2029", "😀" * 256, "</Value>", "\ufffe", "null"])
def test_a_value_survives_as_it_is(data, arn, value):
    put_all(data, arn, {"k": value})
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == value
    assert all_pairs(data, arn) == {"k": value}
