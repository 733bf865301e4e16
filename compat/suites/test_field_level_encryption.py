"""Configurations and profiles of field-level encryption through boto3 and the AWS CLI."""

import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import (
    BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, SECOND_ETAG, all_items, aws, encryption_config, entity, listed,
    new_profile, new_public_key, profile_config,
)


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


@pytest.fixture
def key(control):
    return new_public_key(control)


@pytest.fixture
def profile(control, key):
    return new_profile(control, entity(key, "field"))


def create_profile(control, config):
    return control.create_field_level_encryption_profile(FieldLevelEncryptionProfileConfig=config)


def update_profile(control, identity, config, **more):
    return control.update_field_level_encryption_profile(
        Id=identity, FieldLevelEncryptionProfileConfig=config, **more
    )


def create_config(control, config):
    return control.create_field_level_encryption_config(FieldLevelEncryptionConfig=config)


def update_config(control, identity, config, **more):
    return control.update_field_level_encryption_config(Id=identity, FieldLevelEncryptionConfig=config, **more)


def test_a_profile_is_created_shown_replaced_and_deleted(control, key):
    other = new_public_key(control)
    config = profile_config(
        entity(key, "Card*", "DateOfBirth"), entity(other, "a[0].b_c-d", provider="pro:vider"), Comment="a profile"
    )
    created = create_profile(control, config)
    profile = created["FieldLevelEncryptionProfile"]
    assert (status_of(created), created["ETag"]) == (201, FIRST_ETAG)
    assert re.fullmatch(r"P[0-9A-Z]{13}", profile["Id"])
    assert created["Location"] == f"{BASE}/field-level-encryption-profile/{profile['Id']}"
    assert profile["FieldLevelEncryptionProfileConfig"] == config
    shown = control.get_field_level_encryption_profile(Id=profile["Id"])
    assert (shown["FieldLevelEncryptionProfile"], shown["ETag"]) == (profile, FIRST_ETAG)
    alone = control.get_field_level_encryption_profile_config(Id=profile["Id"])
    assert (alone["FieldLevelEncryptionProfileConfig"], alone["ETag"]) == (config, FIRST_ETAG)

    replaced = {**profile_config(entity(other, "x")), "CallerReference": config["CallerReference"]}
    updated = update_profile(control, profile["Id"], replaced, IfMatch=FIRST_ETAG)
    assert updated["ETag"] == SECOND_ETAG
    assert updated["FieldLevelEncryptionProfile"]["FieldLevelEncryptionProfileConfig"] == replaced
    control.delete_public_key(Id=key, IfMatch=FIRST_ETAG)
    with pytest.raises(control.exceptions.PublicKeyInUse):
        control.delete_public_key(Id=other, IfMatch=FIRST_ETAG)
    answer = control.delete_field_level_encryption_profile(Id=profile["Id"], IfMatch=SECOND_ETAG)
    assert status_of(answer) == 204
    control.delete_public_key(Id=other, IfMatch=FIRST_ETAG)


def test_every_way_in_which_a_profile_can_be_wrong_has_its_error(control, key):
    ecdsa = new_public_key(control, key="p-256")
    many = [f"f{number}x" for number in range(11)]
    uncounted = {**entity(key, "a"), "FieldPatterns": {"Quantity": 2, "Items": ["a"]}}
    existing = profile_config(entity(key, "a"))
    identity = create_profile(control, existing)["FieldLevelEncryptionProfile"]["Id"]
    errors = control.exceptions
    for config, error, status in [
        (profile_config(entity("K0000000000000", "a")), errors.NoSuchPublicKey, 404),
        (profile_config(entity(ecdsa, "a")), errors.InvalidArgument, 400),
        (profile_config(entity(key, "a"), name="two words"), errors.InvalidArgument, 400),
        (profile_config(entity(key, "a", provider="two words")), errors.InvalidArgument, 400),
        (profile_config(entity(key, "a b")), errors.InvalidArgument, 400),
        (profile_config(entity(key, "ABC*", "AB*")), errors.InvalidArgument, 400),
        (profile_config(entity(key, "a"), Comment="x" * 129), errors.InvalidArgument, 400),
        (profile_config(uncounted), errors.InconsistentQuantities, 400),
        (profile_config(entity(key, *many)), errors.TooManyFieldLevelEncryptionFieldPatterns, 400),
        (
            profile_config(*(entity(key, name) for name in many)),
            errors.TooManyFieldLevelEncryptionEncryptionEntities, 400,
        ),
    ]:
        calls = [
            lambda: create_profile(control, config),
            lambda: update_profile(
                control, identity, {**config, "CallerReference": existing["CallerReference"]}, IfMatch=FIRST_ETAG
            ),
        ]
        for call in calls:
            with pytest.raises(error) as failure:
                call()
            assert error_of(failure)[1] == status
    assert control.get_field_level_encryption_profile(Id=identity)["ETag"] == FIRST_ETAG


def test_a_profiles_name_and_reference_are_unique_and_the_reference_stays(control, key):
    first, second = profile_config(entity(key, "a")), profile_config(entity(key, "a"))
    identity = create_profile(control, first)["FieldLevelEncryptionProfile"]["Id"]
    create_profile(control, second)
    taken = {**second, "CallerReference": first["CallerReference"]}
    for call in [
        lambda: create_profile(control, {**profile_config(), "Name": first["Name"]}),
        lambda: create_profile(control, {**profile_config(), "CallerReference": first["CallerReference"]}),
        lambda: update_profile(control, identity, taken, IfMatch=FIRST_ETAG),
    ]:
        with pytest.raises(control.exceptions.FieldLevelEncryptionProfileAlreadyExists) as failure:
            call()
        assert error_of(failure) == (
            "FieldLevelEncryptionProfileAlreadyExists", 409,
            "The specified profile for field-level encryption already exists.",
        )
    with pytest.raises(control.exceptions.IllegalUpdate) as failure:
        update_profile(control, identity, {**first, "CallerReference": "other"}, IfMatch=FIRST_ETAG)
    assert error_of(failure) == (
        "IllegalUpdate", 400, "The update contains modifications that are not allowed."
    )


def test_a_configuration_is_created_shown_replaced_and_deleted(control, profile):
    config = encryption_config(by_type=profile, by_argument={"a": profile, "b.c-d_e*+%": profile}, Comment="c")
    created = create_config(control, config)
    encryption = created["FieldLevelEncryption"]
    assert (status_of(created), created["ETag"]) == (201, FIRST_ETAG)
    assert re.fullmatch(r"C[0-9A-Z]{13}", encryption["Id"])
    assert created["Location"] == f"{BASE}/field-level-encryption/{encryption['Id']}"
    assert encryption["FieldLevelEncryptionConfig"] == config
    assert control.get_field_level_encryption(Id=encryption["Id"])["FieldLevelEncryption"] == encryption
    alone = control.get_field_level_encryption_config(Id=encryption["Id"])
    assert (alone["FieldLevelEncryptionConfig"], alone["ETag"]) == (config, FIRST_ETAG)
    with pytest.raises(control.exceptions.FieldLevelEncryptionProfileInUse) as failure:
        control.delete_field_level_encryption_profile(Id=profile, IfMatch=FIRST_ETAG)
    assert error_of(failure) == (
        "FieldLevelEncryptionProfileInUse", 409, "The specified profile for field-level encryption is in use."
    )

    replaced = encryption_config(reference=config["CallerReference"], by_argument={})
    updated = update_config(control, encryption["Id"], replaced, IfMatch=FIRST_ETAG)
    assert (updated["ETag"], updated["FieldLevelEncryption"]["FieldLevelEncryptionConfig"]) == (SECOND_ETAG, replaced)
    control.delete_field_level_encryption_profile(Id=profile, IfMatch=FIRST_ETAG)
    answer = control.delete_field_level_encryption_config(Id=encryption["Id"], IfMatch=SECOND_ETAG)
    assert status_of(answer) == 204


def test_every_way_in_which_a_configuration_can_be_wrong_has_its_error(control, profile):
    existing = encryption_config()
    identity = create_config(control, existing)["FieldLevelEncryption"]["Id"]
    form = encryption_config(by_type=profile)
    item = form["ContentTypeProfileConfig"]["ContentTypeProfiles"]["Items"][0]

    def types(*items):
        settings = {"ForwardWhenContentTypeIsUnknown": True, **listed(ContentTypeProfiles=list(items))}
        return {**encryption_config(), "ContentTypeProfileConfig": settings}

    uncounted = encryption_config(by_argument={"a": profile})
    uncounted["QueryArgProfileConfig"]["QueryArgProfiles"]["Quantity"] = 0
    errors = control.exceptions
    for config, error, status in [
        (encryption_config(by_type="P0000000000000"), errors.NoSuchFieldLevelEncryptionProfile, 404),
        (encryption_config(by_argument={"a": "P0"}), errors.NoSuchFieldLevelEncryptionProfile, 404),
        (encryption_config(by_argument={"a": ""}), errors.QueryArgProfileEmpty, 400),
        (encryption_config(by_argument={"a b": profile}), errors.InvalidArgument, 400),
        (types({**item, "ContentType": "application/json"}), errors.InvalidArgument, 400),
        (encryption_config(Comment="x" * 129), errors.InvalidArgument, 400),
        (uncounted, errors.InconsistentQuantities, 400),
        (
            encryption_config(by_argument={f"a{number}": profile for number in range(6)}),
            errors.TooManyFieldLevelEncryptionQueryArgProfiles, 400,
        ),
        (types(item, item), errors.TooManyFieldLevelEncryptionContentTypeProfiles, 400),
    ]:
        calls = [
            lambda: create_config(control, config),
            lambda: update_config(
                control, identity, {**config, "CallerReference": existing["CallerReference"]}, IfMatch=FIRST_ETAG
            ),
        ]
        for call in calls:
            with pytest.raises(error) as failure:
                call()
            assert error_of(failure)[1] == status
    with pytest.raises(errors.FieldLevelEncryptionConfigAlreadyExists) as failure:
        create_config(control, existing)
    assert error_of(failure) == (
        "FieldLevelEncryptionConfigAlreadyExists", 409,
        "The specified configuration for field-level encryption already exists.",
    )
    with pytest.raises(errors.IllegalUpdate):
        update_config(control, identity, encryption_config(), IfMatch=FIRST_ETAG)


def test_a_change_must_name_the_etag(control, key):
    settings, profile = encryption_config(), profile_config(entity(key, "a"))
    setting = create_config(control, settings)["FieldLevelEncryption"]["Id"]
    made = create_profile(control, profile)["FieldLevelEncryptionProfile"]["Id"]
    for call in [
        lambda **more: update_config(control, setting, settings, **more),
        lambda **more: control.delete_field_level_encryption_config(Id=setting, **more),
        lambda **more: update_profile(control, made, profile, **more),
        lambda **more: control.delete_field_level_encryption_profile(Id=made, **more),
    ]:
        with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
            call()
        assert error_of(failure) == ("InvalidIfMatchVersion", 400, NO_IF_MATCH)
        with pytest.raises(control.exceptions.PreconditionFailed) as failure:
            call(IfMatch=SECOND_ETAG)
        assert error_of(failure) == ("PreconditionFailed", 412, PRECONDITION)


def test_what_is_not_there_is_not_found_whatever_the_etag(control, key):
    missing = {"Id": "X0000000000000"}
    stale = {**missing, "IfMatch": "stale"}
    profile = {"FieldLevelEncryptionProfileConfig": profile_config(entity(key, "a"))}
    settings = {"FieldLevelEncryptionConfig": encryption_config()}
    errors = control.exceptions
    for error, calls in [
        (errors.NoSuchFieldLevelEncryptionProfile, [
            lambda: control.get_field_level_encryption_profile(**missing),
            lambda: control.get_field_level_encryption_profile_config(**missing),
            lambda: control.update_field_level_encryption_profile(**stale, **profile),
            lambda: control.delete_field_level_encryption_profile(**stale),
        ]),
        (errors.NoSuchFieldLevelEncryptionConfig, [
            lambda: control.get_field_level_encryption(**missing),
            lambda: control.get_field_level_encryption_config(**missing),
            lambda: control.update_field_level_encryption_config(**stale, **settings),
            lambda: control.delete_field_level_encryption_config(**stale),
        ]),
    ]:
        for call in calls:
            with pytest.raises(error) as failure:
                call()
            assert error_of(failure)[1] == 404


def test_an_account_holds_ten_of_each_in_the_order_of_their_creation(control, key):
    lists = control.list_field_level_encryption_profiles, control.list_field_level_encryption_configs
    members = "FieldLevelEncryptionProfileList", "FieldLevelEncryptionList"
    for call, member in zip(lists, members):
        assert call()[member] == {"MaxItems": 100, "Quantity": 0}
    profiles, configs = [], []
    for number in range(10):
        profiles.append(new_profile(control, entity(key, "a"), Comment=str(number)))
        configs.append(create_config(control, encryption_config(by_type=profiles[0]))["FieldLevelEncryption"]["Id"])
        next_millisecond()
    with pytest.raises(control.exceptions.TooManyFieldLevelEncryptionProfiles) as failure:
        new_profile(control, entity(key, "a"))
    assert error_of(failure)[1] == 400
    with pytest.raises(control.exceptions.TooManyFieldLevelEncryptionConfigs) as failure:
        create_config(control, encryption_config())
    assert error_of(failure)[1] == 400
    for call, member, expected in zip(lists, members, (profiles, configs)):
        items = all_items(call, member, MaxItems="3")
        assert [item["Id"] for item in items] == expected
        with pytest.raises(control.exceptions.InvalidArgument):
            call(Marker="X0000000000000")
    first = control.list_field_level_encryption_profiles(MaxItems="1")["FieldLevelEncryptionProfileList"]["Items"][0]
    assert first["Comment"] == "0" and first["EncryptionEntities"]["Items"] == [entity(key, "a")]
    first = control.list_field_level_encryption_configs(MaxItems="1")["FieldLevelEncryptionList"]["Items"][0]
    assert first["ContentTypeProfileConfig"]["ContentTypeProfiles"]["Items"][0]["ProfileId"] == profiles[0]


def test_the_aws_cli_makes_and_shows_both(empty_server, key):
    config = json.dumps(profile_config(entity(key, "Card*"), name=unique_name("cli")))
    command = "create-field-level-encryption-profile", "--field-level-encryption-profile-config"
    profile = aws(empty_server, *command, config)["FieldLevelEncryptionProfile"]["Id"]
    config = json.dumps(encryption_config(by_type=profile))
    command = "create-field-level-encryption-config", "--field-level-encryption-config"
    created = aws(empty_server, *command, config)
    identity = created["FieldLevelEncryption"]["Id"]
    assert aws(empty_server, "get-field-level-encryption-config", "--id", identity)["FieldLevelEncryptionConfig"] == json.loads(config)
    refused = aws(empty_server, "delete-field-level-encryption-profile", "--id", profile, "--if-match", FIRST_ETAG, fails=True)
    assert "FieldLevelEncryptionProfileInUse" in refused
    aws(empty_server, "delete-field-level-encryption-config", "--id", identity, "--if-match", created["ETag"])
    aws(empty_server, "delete-field-level-encryption-profile", "--id", profile, "--if-match", FIRST_ETAG)
