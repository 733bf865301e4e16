"""Public keys through boto3 and the AWS CLI."""

import datetime
import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import (
    BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, SECOND_ETAG, all_items, aws, entity, new_key_group, new_profile,
    new_public_key, pem, public_key_config,
)

NOT_A_KEY = "Your request contains empty/invalid/out of limits RSA Encoded Key"
IN_USE = (
    "The Cloudfront public key is currently associated with either Key Group or a field level encryption profile."
)
NAME_TAKEN = (
    "The name that you are using to create a CloudFront public key is associated with another public key in your "
    "account."
)


@pytest.fixture
def control(empty_server):
    """An account holds ten public keys, so every test has a server of its own."""
    return client(empty_server, "cloudfront")


@pytest.mark.parametrize("key", ["rsa-2048", "p-256"])
def test_a_key_is_created_and_read_back_with_its_last_newline(control, key):
    config = public_key_config(key=key)
    created = control.create_public_key(PublicKeyConfig=config)
    public_key = created["PublicKey"]
    assert status_of(created) == 201
    assert re.fullmatch(r"K[0-9A-Z]{13}", public_key["Id"])
    assert created["Location"] == f"{BASE}/public-key/{public_key['Id']}"
    assert created["ETag"] == FIRST_ETAG
    # A comment that was left out comes back empty.
    assert public_key["PublicKeyConfig"] == {**config, "Comment": ""}
    age = datetime.datetime.now(datetime.timezone.utc) - public_key["CreatedTime"]
    assert abs(age) < datetime.timedelta(minutes=2)

    shown = control.get_public_key(Id=public_key["Id"])
    assert (shown["PublicKey"], shown["ETag"]) == (public_key, FIRST_ETAG)
    alone = control.get_public_key_config(Id=public_key["Id"])
    assert (alone["PublicKeyConfig"], alone["ETag"]) == (public_key["PublicKeyConfig"], FIRST_ETAG)


@pytest.mark.parametrize("change", [str.rstrip, lambda text: text, lambda text: text + "\n"])
def test_a_key_comes_back_with_one_newline_at_its_end(control, change):
    text = change(pem("rsa-2048"))
    created = control.create_public_key(PublicKeyConfig={**public_key_config(), "EncodedKey": text})
    assert created["PublicKey"]["PublicKeyConfig"]["EncodedKey"] == text.rstrip() + "\n"


BAD_KEYS = {
    **{name: pem(name) for name in (
        "rsa-1024", "rsa-3072", "rsa-4096", "rsa-pss-2048", "rsa-2048-pkcs1", "rsa-2048-private", "certificate",
        "p-384", "secp256k1", "ed25519", "p-256-compressed", "p-256-explicit",
    )},
    "flattened": pem("rsa-2048").replace("\n", ""),
    "flattened with spaces": pem("rsa-2048").replace("\n", " "),
    "escaped newlines": pem("rsa-2048").replace("\n", "\\n"),
    "text after it": pem("rsa-2048") + "garbage",
    "twice": pem("rsa-2048") * 2,
    "without its frame": "".join(pem("rsa-2048").splitlines()[1:-1]),
    "cut": pem("rsa-2048")[:200],
    "empty": "",
}


def test_everything_else_is_no_key(control):
    for what, text in BAD_KEYS.items():
        with pytest.raises(control.exceptions.InvalidArgument) as failure:
            control.create_public_key(PublicKeyConfig={**public_key_config(), "EncodedKey": text})
        assert error_of(failure) == ("InvalidArgument", 400, NOT_A_KEY), what
    assert control.list_public_keys()["PublicKeyList"]["Quantity"] == 0


@pytest.mark.parametrize(
    "wrong",
    [{"Name": "a b"}, {"Name": ""}, {"Name": "n" * 129}, {"Comment": "x" * 129}, {"CallerReference": ""}],
)
def test_names_comments_and_references_have_limits(control, wrong):
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.create_public_key(PublicKeyConfig={**public_key_config(), **wrong})
    assert next(iter(wrong)) in error_of(failure)[2]


def test_names_and_caller_references_are_unique(control):
    first = public_key_config()
    identity = control.create_public_key(PublicKeyConfig=first)["PublicKey"]["Id"]
    for second, message in [
        ({**public_key_config(), "Name": first["Name"]}, NAME_TAKEN),
        ({**public_key_config(), "CallerReference": first["CallerReference"]}, "The specified public key already exists."),
        (first, NAME_TAKEN),
    ]:
        with pytest.raises(control.exceptions.PublicKeyAlreadyExists) as failure:
            control.create_public_key(PublicKeyConfig=second)
        assert error_of(failure) == ("PublicKeyAlreadyExists", 409, message)
    control.delete_public_key(Id=identity, IfMatch=FIRST_ETAG)
    assert control.create_public_key(PublicKeyConfig=first)["PublicKey"]["Id"] != identity


def test_only_the_comment_can_change(control):
    config = public_key_config(Comment="first")
    identity = control.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
    updated = control.update_public_key(
        Id=identity, IfMatch=FIRST_ETAG, PublicKeyConfig={**config, "Comment": "a <comment> & more"}
    )
    assert updated["ETag"] == SECOND_ETAG
    assert updated["PublicKey"]["PublicKeyConfig"]["Comment"] == "a <comment> & more"
    for change in [
        {"EncodedKey": pem("rsa-2048-other")}, {"Name": "other"}, {"CallerReference": "other"},
    ]:
        with pytest.raises(control.exceptions.CannotChangeImmutablePublicKeyFields) as failure:
            control.update_public_key(Id=identity, IfMatch=SECOND_ETAG, PublicKeyConfig={**config, **change})
        expected = ("CannotChangeImmutablePublicKeyFields", 400, "You can't change the value of a public key.")
        assert error_of(failure) == expected
    assert control.get_public_key(Id=identity)["ETag"] == SECOND_ETAG


def test_a_change_must_name_the_etag(control):
    config = public_key_config()
    identity = control.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
    calls = [
        lambda **more: control.update_public_key(Id=identity, PublicKeyConfig=config, **more),
        lambda **more: control.delete_public_key(Id=identity, **more),
    ]
    for call in calls:
        with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
            call()
        assert error_of(failure) == ("InvalidIfMatchVersion", 400, NO_IF_MATCH)
        with pytest.raises(control.exceptions.PreconditionFailed) as failure:
            call(IfMatch=SECOND_ETAG)
        assert error_of(failure) == ("PreconditionFailed", 412, PRECONDITION)
    assert status_of(control.delete_public_key(Id=identity, IfMatch=FIRST_ETAG)) == 204


def test_a_key_that_is_not_there_is_not_found_whatever_the_etag(control):
    calls = [
        lambda: control.get_public_key(Id="K0000000000000"),
        lambda: control.get_public_key_config(Id="K0000000000000"),
        lambda: control.update_public_key(Id="K0000000000000", IfMatch="stale", PublicKeyConfig=public_key_config()),
        lambda: control.delete_public_key(Id="K0000000000000", IfMatch="stale"),
    ]
    for call in calls:
        with pytest.raises(control.exceptions.NoSuchPublicKey) as failure:
            call()
        assert error_of(failure) == ("NoSuchPublicKey", 404, "The specified public key doesn't exist.")


def test_a_key_in_use_is_kept(control):
    key = new_public_key(control)
    group = new_key_group(control, [key])
    profile = new_profile(control, entity(key, "field"))
    for free in [
        lambda: control.delete_key_group(Id=group, IfMatch=FIRST_ETAG),
        lambda: control.delete_field_level_encryption_profile(Id=profile, IfMatch=FIRST_ETAG),
    ]:
        with pytest.raises(control.exceptions.PublicKeyInUse) as failure:
            control.delete_public_key(Id=key, IfMatch=FIRST_ETAG)
        assert error_of(failure) == ("PublicKeyInUse", 409, IN_USE)
        free()
    control.delete_public_key(Id=key, IfMatch=FIRST_ETAG)


def test_an_account_holds_ten_keys_in_the_order_of_their_creation(control):
    ids = []
    for _ in range(10):
        ids.append(new_public_key(control))
        next_millisecond()
    with pytest.raises(control.exceptions.TooManyPublicKeys) as failure:
        new_public_key(control)
    message = (
        "Processing your request will cause you to exceed the maximum number of CloudFront public keys allowed."
    )
    assert error_of(failure) == ("TooManyPublicKeys", 400, message)
    whole = control.list_public_keys()["PublicKeyList"]
    assert (whole["MaxItems"], whole["Quantity"], "NextMarker" in whole) == (100, 10, False)
    assert [item["Id"] for item in whole["Items"]] == ids
    item = whole["Items"][0]
    config = control.get_public_key_config(Id=ids[0])["PublicKeyConfig"]
    assert {name: item[name] for name in ("Name", "EncodedKey", "Comment")} == {
        name: config[name] for name in ("Name", "EncodedKey", "Comment")
    }
    paged = all_items(control.list_public_keys, "PublicKeyList", MaxItems="3")
    assert [item["Id"] for item in paged] == ids
    with pytest.raises(control.exceptions.InvalidArgument):
        control.list_public_keys(Marker="K0000000000000")
    control.delete_public_key(Id=ids[0], IfMatch=FIRST_ETAG)
    new_public_key(control)


def test_an_empty_list_has_no_items(control):
    answer = control.list_public_keys()["PublicKeyList"]
    assert answer == {"MaxItems": 100, "Quantity": 0}


def test_the_aws_cli_makes_changes_and_deletes_a_key(empty_server, tmp_path):
    config = public_key_config(name=unique_name("cli"))
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    created = aws(empty_server, "create-public-key", "--public-key-config", f"file://{file}")
    identity = created["PublicKey"]["Id"]
    assert aws(empty_server, "get-public-key", "--id", identity)["PublicKey"] == created["PublicKey"]
    file.write_text(json.dumps({**config, "Comment": "from the CLI"}))
    update = ("update-public-key", "--id", identity, "--public-key-config", f"file://{file}", "--if-match")
    assert aws(empty_server, *update, FIRST_ETAG)["ETag"] == SECOND_ETAG
    assert "PreconditionFailed" in aws(empty_server, *update, FIRST_ETAG, fails=True)
    listed = aws(empty_server, "list-public-keys")["PublicKeyList"]["Items"]
    assert [item["Comment"] for item in listed] == ["from the CLI"]
    assert "InvalidIfMatchVersion" in aws(empty_server, "delete-public-key", "--id", identity, fails=True)
    aws(empty_server, "delete-public-key", "--id", identity, "--if-match", SECOND_ETAG)
    assert "NoSuchPublicKey" in aws(empty_server, "get-public-key", "--id", identity, fails=True)
