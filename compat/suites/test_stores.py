"""The control plane of key value stores through boto3: create, describe, update, delete."""

import datetime
import re

import pytest

from clients import (
    client, error_of, etag_of, header_of, new_store, put_all, status_of, unique_name, wait_until_provisioned,
)
from server import ACCOUNT

FIRST_ETAG = "ETVPDKIKX0DER"
SECOND_ETAG = "E3UN6WX5RRO2AG"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_create_answers_the_store_as_provisioning_with_its_first_etag_and_location(control):
    name = unique_name()
    answer = control.create_key_value_store(Name=name, Comment="redirects")
    store = answer["KeyValueStore"]
    assert status_of(answer) == 201
    assert re.fullmatch(UUID, store["Id"])
    assert store["Name"] == name
    assert store["Comment"] == "redirects"
    assert store["ARN"] == f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/{store['Id']}"
    assert store["Status"] == "PROVISIONING"
    assert answer["ETag"] == FIRST_ETAG
    assert answer["Location"] == f"https://cloudfront.amazonaws.com/2020-05-31/key-value-store/{store['ARN']}"


def test_a_store_without_import_is_ready_at_the_first_look(control):
    name = unique_name()
    created = control.create_key_value_store(Name=name)
    described = control.describe_key_value_store(Name=name)
    assert status_of(described) == 200
    assert described["KeyValueStore"]["Status"] == "READY"
    assert described["KeyValueStore"]["Id"] == created["KeyValueStore"]["Id"]
    assert described["ETag"] == FIRST_ETAG, "becoming READY is no new version"


def test_times_are_utc_of_now(control, store):
    modified = control.describe_key_value_store(Name=store["name"])["KeyValueStore"]["LastModifiedTime"]
    age = datetime.datetime.now(datetime.timezone.utc) - modified
    assert abs(age) < datetime.timedelta(minutes=2)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({}, None),
        ({"Comment": ""}, ""),
        ({"Comment": "a <comment> & \"quotes\" 'n' ünï 😀"}, "a <comment> & \"quotes\" 'n' ünï 😀"),
        ({"Comment": "two\nlines\tand a tab"}, "two\nlines\tand a tab"),
        ({"Comment": " spaces stay "}, " spaces stay "),
        ({"Comment": "]]>"}, "]]>"),
        ({"Comment": "x" * 128}, "x" * 128),
        ({"Comment": "ü" * 128}, "ü" * 128),
    ],
)
def test_a_comment_reads_back_as_given_and_an_absent_one_stays_absent(control, given, read):
    name = unique_name()
    created = control.create_key_value_store(Name=name, **given)
    described = control.describe_key_value_store(Name=name)
    assert created["KeyValueStore"].get("Comment") == read
    assert described["KeyValueStore"].get("Comment") == read


@pytest.mark.parametrize("name", ["A", "a-b_C-9", "-", "_x", "n" * 64])
def test_names_of_the_allowed_form_are_taken(empty_server, name):
    control = client(empty_server, "cloudfront")
    assert new_store(control, name)["KeyValueStore"]["Name"] == name


@pytest.mark.parametrize("name", ["n" * 65, "a b", "a.b", "a/b", "naïve", "a:b", "a\nb", "😀"])
def test_other_names_are_refused_as_a_constraint(control, name):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.create_key_value_store(Name=name)
    code, status, message = error_of(failure)
    assert (code, status) == ("MalformedXML", 400)
    assert re.match(r"\d validation errors? detected: ", message)
    assert "failed to satisfy constraint" in message


def test_a_comment_that_is_too_long_is_refused_as_a_constraint(control):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.create_key_value_store(Name=unique_name(), Comment="x" * 129)
    code, status, message = error_of(failure)
    assert (code, status) == ("MalformedXML", 400)
    assert "less than or equal to 128" in message


def test_a_name_is_unique_in_the_account(control, store):
    with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
        control.create_key_value_store(Name=store["name"])
    expected = "The entity already exists. You must provide a unique entity."
    assert error_of(failure) == ("EntityAlreadyExists", 409, expected)


def test_names_that_differ_in_case_are_different(control):
    name = unique_name("case")
    first = new_store(control, name)
    second = new_store(control, name.upper())
    assert first["KeyValueStore"]["Id"] != second["KeyValueStore"]["Id"]


@pytest.mark.parametrize(
    "call",
    [
        lambda control: control.describe_key_value_store(Name="absent"),
        lambda control: control.update_key_value_store(Name="absent", Comment="", IfMatch=FIRST_ETAG),
        lambda control: control.delete_key_value_store(Name="absent", IfMatch=FIRST_ETAG),
    ],
    ids=["describe", "update", "delete"],
)
def test_a_store_that_is_not_there_is_not_found(control, call):
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        call(control)
    assert error_of(failure) == ("EntityNotFound", 404, "The entity was not found.")


def test_an_update_changes_the_comment_the_time_and_the_etag(control, store):
    before = control.describe_key_value_store(Name=store["name"])["KeyValueStore"]
    updated = control.update_key_value_store(Name=store["name"], Comment="new", IfMatch=store["etag"])
    assert status_of(updated) == 200
    assert updated["ETag"] == SECOND_ETAG
    assert updated["KeyValueStore"]["Comment"] == "new"
    assert updated["KeyValueStore"]["LastModifiedTime"] >= before["LastModifiedTime"]
    described = control.describe_key_value_store(Name=store["name"])
    assert described["ETag"] == SECOND_ETAG
    assert described["KeyValueStore"] == updated["KeyValueStore"]


def test_an_update_can_empty_the_comment(control):
    answer = new_store(control, Comment="something")
    name = answer["KeyValueStore"]["Name"]
    control.update_key_value_store(Name=name, Comment="", IfMatch=answer["ETag"])
    assert control.describe_key_value_store(Name=name)["KeyValueStore"]["Comment"] == ""


def test_every_version_has_an_etag_of_its_own_and_stores_share_them(control):
    def versions():
        answer = new_store(control)
        etags = [answer["ETag"]]
        for number in range(6):
            answer = control.update_key_value_store(
                Name=answer["KeyValueStore"]["Name"], Comment=str(number), IfMatch=etags[-1]
            )
            etags.append(answer["ETag"])
        return etags

    etags = versions()
    assert etags[:2] == [FIRST_ETAG, SECOND_ETAG]
    assert len(set(etags)) == len(etags)
    assert all(re.fullmatch(r"E[0-9A-Z]{12,13}", etag) for etag in etags)
    assert versions() == etags, "an ETag says which version it is, of whatever store"


PRECONDITION = "The request failed because it didn't meet the preconditions in one or more request-header fields."


def test_a_stale_etag_is_a_failed_precondition(control, store):
    control.update_key_value_store(Name=store["name"], Comment="1", IfMatch=store["etag"])
    calls = [
        lambda: control.update_key_value_store(Name=store["name"], Comment="2", IfMatch=store["etag"]),
        lambda: control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"]),
    ]
    for call in calls:
        with pytest.raises(control.exceptions.PreconditionFailed) as failure:
            call()
        assert error_of(failure) == ("PreconditionFailed", 412, PRECONDITION)
    assert control.describe_key_value_store(Name=store["name"])["KeyValueStore"]["Comment"] == "1"


@pytest.mark.parametrize("etag", ["KVTVPDKIKX0DER", "KV3UN6WX5RRO2AG", "nonsense", "*"])
def test_what_is_no_etag_of_the_store_never_matches(control, store, etag):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.delete_key_value_store(Name=store["name"], IfMatch=etag)
    assert error_of(failure)[0] in ("PreconditionFailed", "InvalidIfMatchVersion")
    control.describe_key_value_store(Name=store["name"])


def test_the_data_planes_own_etag_is_not_the_control_planes(control, data, store):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.delete_key_value_store(Name=store["name"], IfMatch=etag_of(data, store["arn"]))
    assert error_of(failure)[0] in ("PreconditionFailed", "InvalidIfMatchVersion")


def test_writing_pairs_does_not_move_the_control_planes_etag(control, data, store):
    put_all(data, store["arn"], {"a": "1", "b": "2"})
    assert control.describe_key_value_store(Name=store["name"])["ETag"] == store["etag"]
    answer = control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    assert status_of(answer) == 204, "a store may be deleted with pairs in it"


def test_after_delete_the_store_is_gone_and_its_name_is_free(control, store):
    answer = control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    assert status_of(answer) == 204
    with pytest.raises(control.exceptions.EntityNotFound):
        control.describe_key_value_store(Name=store["name"])
    with pytest.raises(control.exceptions.EntityNotFound):
        control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])
    again = control.create_key_value_store(Name=store["name"])
    assert again["KeyValueStore"]["ARN"] != store["arn"]
    assert again["ETag"] == FIRST_ETAG


def test_every_answer_has_its_own_request_id_and_a_date(control, store):
    answers = [control.describe_key_value_store(Name=store["name"]) for _ in range(3)]
    ids = {header_of(answer, "x-amzn-requestid") for answer in answers}
    assert len(ids) == 3 and None not in ids
    assert all(header_of(answer, "date") for answer in answers)
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        control.describe_key_value_store(Name="absent")
    metadata = failure.value.response["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


def test_an_account_holds_200_stores_and_room_comes_back(empty_server):
    control = client(empty_server, "cloudfront")
    answers = [control.create_key_value_store(Name=f"s{number}") for number in range(200)]
    with pytest.raises(control.exceptions.EntityLimitExceeded) as failure:
        control.create_key_value_store(Name="one-more")
    assert error_of(failure) == ("EntityLimitExceeded", 400, "The entity limit has been exceeded.")
    wait_until_provisioned(control, "s0")
    control.delete_key_value_store(Name="s0", IfMatch=answers[0]["ETag"])
    assert status_of(control.create_key_value_store(Name="one-more")) == 201
