"""The six operations of the data plane through boto3, signed with SigV4A."""

import datetime
import re

import pytest

from clients import all_pairs, error_of, etag_of, header_of, new_arn, new_store, put_all, status_of, unique_name

FIRST_ETAG = "KVTVPDKIKX0DER"
SECOND_ETAG = "KV3UN6WX5RRO2AG"
STALE = "Pre-Condition failed during update of Key-Value-Store"
NOT_EXPECTED = "Key-Value-Store was not in expected state"
NEVER = "arn:aws:cloudfront::000000000000:key-value-store/11111111-2222-3333-4444-555555555555"


def put(data, arn, key, value):
    return data.put_key(KvsARN=arn, Key=key, Value=value, IfMatch=etag_of(data, arn))


def test_describe_shows_an_empty_store_with_its_first_etag(data, arn):
    answer = data.describe_key_value_store(KvsARN=arn)
    assert status_of(answer) == 200
    assert answer["ETag"] == FIRST_ETAG
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (0, 0)
    assert answer["KvsARN"] == arn
    assert answer["Status"] == "READY"
    assert "FailureReason" not in answer
    now = datetime.datetime.now(datetime.timezone.utc)
    for moment in (answer["Created"], answer["LastModified"]):
        assert abs(now - moment) < datetime.timedelta(minutes=2)


def test_a_pair_is_written_read_and_counted_in_bytes(data, arn):
    written = data.put_key(KvsARN=arn, Key="ü", Value="😀!", IfMatch=FIRST_ETAG)
    assert status_of(written) == 200
    assert written["ETag"] == SECOND_ETAG
    assert (written["ItemCount"], written["TotalSizeInBytes"]) == (1, 7)
    read = data.get_key(KvsARN=arn, Key="ü")
    assert (read["Key"], read["Value"], read["ItemCount"], read["TotalSizeInBytes"]) == ("ü", "😀!", 1, 7)
    assert header_of(read, "etag") is None, "GetKey has no ETag"


def test_size_is_the_sum_of_keys_and_values_as_the_service_counts(data, arn):
    value = '{"assets":"/pr-1","backend":"' + "x" * 32 + '.lambda-url.us-east-1.on.aws"}'
    put_all(data, arn, {"pr-1": value, "pr-2": value})
    answer = data.describe_key_value_store(KvsARN=arn)
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (2, 190)


def test_a_value_may_be_empty(data, arn):
    put(data, arn, "k", "")
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == ""
    assert data.describe_key_value_store(KvsARN=arn)["TotalSizeInBytes"] == 1


def test_replacing_a_value_counts_the_difference(data, arn):
    put(data, arn, "k", "12345")
    answer = put(data, arn, "k", "1")
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (1, 2)


def test_deleting_a_pair_counts_it_out(data, arn):
    etag = put_all(data, arn, {"a": "1", "b": "22"})
    answer = data.delete_key(KvsARN=arn, Key="b", IfMatch=etag)
    assert status_of(answer) == 200
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (1, 2)
    assert re.fullmatch(r"KV[0-9A-Z]{12,13}", answer["ETag"]) and answer["ETag"] != etag
    assert etag_of(data, arn) == answer["ETag"]
    last = data.delete_key(KvsARN=arn, Key="a", IfMatch=answer["ETag"])
    assert (last["ItemCount"], last["TotalSizeInBytes"]) == (0, 0)


def test_a_key_that_is_not_there_is_not_found(data, arn):
    with pytest.raises(data.exceptions.ResourceNotFoundException) as failure:
        data.get_key(KvsARN=arn, Key="a/b")
    assert error_of(failure) == ("ResourceNotFoundException", 404, "Key a/b was not found.")
    with pytest.raises(data.exceptions.ResourceNotFoundException) as failure:
        data.delete_key(KvsARN=arn, Key="gone", IfMatch=FIRST_ETAG)
    assert error_of(failure)[1] == 404
    assert etag_of(data, arn) == FIRST_ETAG


def test_keys_are_compared_byte_by_byte(data, arn):
    pairs = {"a": "1", "A": "2", " a": "3", "a ": "4", "\u00e9": "composed", "e\u0301": "decomposed"}
    put_all(data, arn, pairs)
    assert all_pairs(data, arn) == pairs


@pytest.mark.parametrize("etag", [FIRST_ETAG, "STALEETAG12345", "ETVPDKIKX0DER", "*"])
def test_a_stale_or_foreign_etag_is_refused_with_the_services_text(data, arn, etag):
    current = put_all(data, arn, {"k": "1"})
    calls = [
        lambda: data.put_key(KvsARN=arn, Key="k", Value="2", IfMatch=etag),
        lambda: data.delete_key(KvsARN=arn, Key="k", IfMatch=etag),
        lambda: data.update_keys(KvsARN=arn, IfMatch=etag, Puts=[{"Key": "k", "Value": "2"}]),
    ]
    for call in calls:
        with pytest.raises(data.exceptions.ValidationException) as failure:
            call()
        code, status, message = error_of(failure)
        assert (code, status) == ("ValidationException", 400)
        assert STALE in message
    assert etag_of(data, arn) == current
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == "1"


def test_every_version_of_the_pairs_has_an_etag_of_its_own(data, arn):
    etags = [etag_of(data, arn)]
    for number in range(8):
        etags.append(data.put_key(KvsARN=arn, Key="k", Value=str(number), IfMatch=etags[-1])["ETag"])
    assert etags[:2] == [FIRST_ETAG, SECOND_ETAG]
    assert len(set(etags)) == len(etags)


def test_writing_what_is_there_already_changes_nothing(data, arn):
    etag = put_all(data, arn, {"k": "v"})
    before = data.describe_key_value_store(KvsARN=arn)
    answer = data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=etag)
    assert answer["ETag"] == etag
    after = data.describe_key_value_store(KvsARN=arn)
    assert after["LastModified"] == before["LastModified"]


def test_last_modified_moves_with_the_pairs_and_created_does_not(data, arn):
    before = data.describe_key_value_store(KvsARN=arn)
    put(data, arn, "k", "v")
    after = data.describe_key_value_store(KvsARN=arn)
    assert after["Created"] == before["Created"]
    assert after["LastModified"] >= before["LastModified"]


def test_an_update_of_the_comment_does_not_move_the_data_planes_etag(control, data, store):
    etag = put_all(data, store["arn"], {"k": "v"})
    control.update_key_value_store(Name=store["name"], Comment="x", IfMatch=store["etag"])
    assert etag_of(data, store["arn"]) == etag


# UpdateKeys


def test_a_batch_puts_and_deletes_in_one_version(data, arn):
    etag = put_all(data, arn, {"old": "1", "stay": "2"})
    answer = data.update_keys(
        KvsARN=arn, IfMatch=etag, Puts=[{"Key": "new", "Value": "3"}, {"Key": "stay", "Value": "22"}],
        Deletes=[{"Key": "old"}],
    )
    assert status_of(answer) == 200
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (2, 10)
    assert answer["ETag"] != etag
    assert all_pairs(data, arn) == {"new": "3", "stay": "22"}


@pytest.mark.parametrize("lists", [{}, {"Puts": []}, {"Deletes": []}, {"Puts": [], "Deletes": []}])
def test_an_empty_batch_succeeds_and_changes_nothing(data, arn, lists):
    answer = data.update_keys(KvsARN=arn, IfMatch=FIRST_ETAG, **lists)
    assert (answer["ETag"], answer["ItemCount"]) == (FIRST_ETAG, 0)


def test_deleting_a_missing_key_in_a_batch_succeeds_and_changes_nothing(data, arn):
    etag = put_all(data, arn, {"k": "v"})
    answer = data.update_keys(KvsARN=arn, IfMatch=etag, Deletes=[{"Key": "missing"}])
    assert (answer["ETag"], answer["ItemCount"]) == (etag, 1)


def test_a_key_in_both_lists_is_deleted(data, arn):
    etag = put_all(data, arn, {"k": "old"})
    both = {"Puts": [{"Key": "k", "Value": "new"}, {"Key": "l", "Value": "1"}], "Deletes": [{"Key": "k"}]}
    data.update_keys(KvsARN=arn, IfMatch=etag, **both)
    assert all_pairs(data, arn) == {"l": "1"}


def test_of_a_key_put_twice_the_last_one_wins(data, arn):
    puts = [{"Key": "k", "Value": "first"}, {"Key": "k", "Value": "2nd"}]
    answer = data.update_keys(KvsARN=arn, IfMatch=FIRST_ETAG, Puts=puts)
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (1, 4)
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == "2nd"


def test_a_key_deleted_twice_is_deleted(data, arn):
    etag = put_all(data, arn, {"k": "v"})
    answer = data.update_keys(KvsARN=arn, IfMatch=etag, Deletes=[{"Key": "k"}, {"Key": "k"}])
    assert answer["ItemCount"] == 0


# Stores that are not there


def calls_on(data, arn):
    """Every operation but Describe and GetKey."""
    return {
        "list": lambda: data.list_keys(KvsARN=arn),
        "put": lambda: data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=FIRST_ETAG),
        "delete": lambda: data.delete_key(KvsARN=arn, Key="k", IfMatch=FIRST_ETAG),
        "update": lambda: data.update_keys(KvsARN=arn, IfMatch=FIRST_ETAG, Deletes=[{"Key": "k"}]),
        "describe": lambda: data.describe_key_value_store(KvsARN=arn),
    }


@pytest.mark.parametrize("operation", ["list", "put", "delete", "update", "describe", "get"])
def test_a_store_that_never_was_is_not_found(data, operation):
    calls = calls_on(data, NEVER) | {"get": lambda: data.get_key(KvsARN=NEVER, Key="k")}
    with pytest.raises(data.exceptions.ResourceNotFoundException) as failure:
        calls[operation]()
    assert error_of(failure)[1] == 404


def test_a_store_of_another_account_is_not_there(data, arn):
    foreign = arn.replace("000000000000", "111111111111")
    with pytest.raises((data.exceptions.ResourceNotFoundException, data.exceptions.AccessDeniedException)):
        data.describe_key_value_store(KvsARN=foreign)


@pytest.mark.parametrize("operation", ["list", "put", "delete", "update", "describe"])
def test_a_deleted_store_is_a_conflict(control, data, store, operation):
    put_all(data, store["arn"], {"k": "v"})
    control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    with pytest.raises(data.exceptions.ConflictException) as failure:
        calls_on(data, store["arn"])[operation]()
    code, status, message = error_of(failure)
    assert (code, status) == ("ConflictException", 409)
    assert NOT_EXPECTED in message


def test_getting_a_key_of_a_deleted_store_is_not_found(control, data, store):
    put_all(data, store["arn"], {"k": "v"})
    control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    with pytest.raises(data.exceptions.ResourceNotFoundException) as failure:
        data.get_key(KvsARN=store["arn"], Key="k")
    assert error_of(failure)[1] == 404


def test_a_new_store_of_the_same_name_starts_empty(control, data, store):
    put_all(data, store["arn"], {"k": "v"})
    control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    again = new_store(control, store["name"])["KeyValueStore"]["ARN"]
    assert all_pairs(data, again) == {}
    assert etag_of(data, again) == FIRST_ETAG


def test_stores_do_not_see_each_others_pairs(control, data):
    first, second = new_arn(control), new_arn(control)
    put_all(data, first, {"k": "1"})
    put_all(data, second, {"k": "2"})
    assert (all_pairs(data, first), all_pairs(data, second)) == ({"k": "1"}, {"k": "2"})


def test_a_store_that_is_still_provisioning_conflicts(control, data):
    """A new store is in that state until it is looked at; the data plane may be the first to look."""
    answer = control.create_key_value_store(Name=unique_name())
    assert answer["KeyValueStore"]["Status"] == "PROVISIONING"
    described = data.describe_key_value_store(KvsARN=answer["KeyValueStore"]["ARN"])
    assert described["Status"] in ("PROVISIONING", "READY")
    try:
        data.list_keys(KvsARN=answer["KeyValueStore"]["ARN"])
    except data.exceptions.ConflictException as failure:
        assert NOT_EXPECTED in failure.response["Error"]["Message"]
