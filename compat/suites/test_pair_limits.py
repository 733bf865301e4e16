"""The quotas of the data plane, with the service's texts, and that a refused write changes nothing."""

import pytest

from clients import all_pairs, error_of, etag_of, new_arn, put_all

TOO_MANY = "Limit exceeded: Maximum key values pairs that you can update in a single API request"
VALUE_SIZE = "Limit exceeded: Maximum size of the value in a key value pair"
KEY_SIZE = "Limit exceeded: Maximum size of a key in a key value pair"
STORE_SIZE = "Limit exceeded: Maximum size of an individual key value store"
MIB = 1024 * 1024


def refused(failure, text):
    code, status, message = error_of(failure)
    assert (code, status) == ("ServiceQuotaExceededException", 402)
    assert text in message


@pytest.fixture
def kept(data, arn):
    """A store with one pair, which must be all that is there after a refusal."""
    etag = put_all(data, arn, {"kept": "1"})
    yield arn
    assert all_pairs(data, arn) == {"kept": "1"}
    assert etag_of(data, arn) == etag


@pytest.mark.parametrize("value", ["v" * 1024, "ü" * 512, "😀" * 256])
def test_a_value_of_1024_bytes_is_taken(data, arn, value):
    put_all(data, arn, {"k": value})
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == value


@pytest.mark.parametrize("value", ["v" * 1025, "ü" * 513, "v" * 100_000])
def test_a_larger_value_is_over_quota(data, kept, value):
    etag = etag_of(data, kept)
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.put_key(KvsARN=kept, Key="k", Value=value, IfMatch=etag)
    refused(failure, VALUE_SIZE)
    good_and_bad = [{"Key": "good", "Value": "1"}, {"Key": "bad", "Value": value}]
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.update_keys(KvsARN=kept, IfMatch=etag, Puts=good_and_bad, Deletes=[{"Key": "kept"}])
    refused(failure, VALUE_SIZE)


@pytest.mark.parametrize("key", ["k" * 513, "k" * 1024, "ü" * 257, "😀" * 129])
def test_a_key_above_512_bytes_is_over_quota(data, kept, key):
    etag = etag_of(data, kept)
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.put_key(KvsARN=kept, Key=key, Value="v", IfMatch=etag)
    refused(failure, KEY_SIZE)
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.update_keys(KvsARN=kept, IfMatch=etag, Puts=[{"Key": key, "Value": "v"}], Deletes=[{"Key": "kept"}])
    refused(failure, KEY_SIZE)


@pytest.mark.parametrize("key", ["k" * 1025, "ü" * 1025])
def test_a_key_above_1024_characters_is_no_key(data, kept, key):
    with pytest.raises(data.exceptions.ValidationException) as failure:
        data.put_key(KvsARN=kept, Key=key, Value="v", IfMatch=etag_of(data, kept))
    assert error_of(failure)[1] == 400
    with pytest.raises(data.exceptions.ValidationException):
        data.get_key(KvsARN=kept, Key=key)


def batch(puts, deletes=0):
    return {
        "Puts": [{"Key": f"p{number}", "Value": "v"} for number in range(puts)],
        "Deletes": [{"Key": f"d{number}"} for number in range(deletes)],
    }


@pytest.mark.parametrize(("puts", "deletes"), [(50, 0), (0, 50), (25, 25)])
def test_a_batch_has_up_to_50_changes(data, arn, puts, deletes):
    answer = data.update_keys(KvsARN=arn, IfMatch=etag_of(data, arn), **batch(puts, deletes))
    assert answer["ItemCount"] == puts


@pytest.mark.parametrize(("puts", "deletes"), [(51, 0), (0, 51), (26, 25), (500, 0)])
def test_more_changes_than_50_are_over_quota(data, kept, puts, deletes):
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.update_keys(KvsARN=kept, IfMatch=etag_of(data, kept), **batch(puts, deletes))
    refused(failure, TOO_MANY)


def test_a_batch_above_3_mb_is_over_quota(data, kept):
    puts = [{"Key": f"k{number}", "Value": "v" * (80 * 1024)} for number in range(50)]
    with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
        data.update_keys(KvsARN=kept, IfMatch=etag_of(data, kept), Puts=puts)
    # Each of these values is too large as well, and either quota may be the one that is named.
    code, status, message = error_of(failure)
    assert (code, status) == ("ServiceQuotaExceededException", 402)
    assert message.startswith("Limit exceeded: Maximum ")


def test_a_stale_etag_is_told_before_or_after_a_quota_but_never_as_success(data, kept):
    with pytest.raises((data.exceptions.ValidationException, data.exceptions.ServiceQuotaExceededException)):
        data.put_key(KvsARN=kept, Key="k", Value="v" * 2000, IfMatch="KVTVPDKIKX0DER")


def test_a_store_holds_5_mb_to_the_byte(control, data):
    arn = new_arn(control)
    # 1 KiB each: 5 bytes of key and 1019 of value.
    full = {f"{number:05}": "v" * 1019 for number in range(5 * 1024)}
    put_all(data, arn, full)
    answer = data.describe_key_value_store(KvsARN=arn)
    assert answer["TotalSizeInBytes"] == 5 * MIB
    etag = answer["ETag"]

    for call in (
        lambda: data.put_key(KvsARN=arn, Key="k", Value="", IfMatch=etag),
        lambda: data.put_key(KvsARN=arn, Key="00000", Value="v" * 1020, IfMatch=etag),
        lambda: data.update_keys(
            KvsARN=arn, IfMatch=etag, Puts=[{"Key": "a", "Value": "v" * 1000}, {"Key": "b", "Value": "v" * 50}],
            Deletes=[{"Key": "00000"}],
        ),
    ):
        with pytest.raises(data.exceptions.ServiceQuotaExceededException) as failure:
            call()
        refused(failure, STORE_SIZE)
    assert etag_of(data, arn) == etag

    # What a batch frees it may use.
    answer = data.update_keys(
        KvsARN=arn, IfMatch=etag, Puts=[{"Key": "abcde", "Value": "w" * 1019}], Deletes=[{"Key": "00000"}]
    )
    assert answer["TotalSizeInBytes"] == 5 * MIB
    answer = data.delete_key(KvsARN=arn, Key="00001", IfMatch=answer["ETag"])
    assert answer["TotalSizeInBytes"] == 5 * MIB - 1024
    answer = data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=answer["ETag"])
    assert answer["ItemCount"] == 5 * 1024
