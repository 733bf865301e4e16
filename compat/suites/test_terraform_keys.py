"""Terraform with the AWS provider 5.100.0, untouched: public keys, key groups, field-level encryption."""

import pytest

from clients import client
from keys import FIRST_ETAG, SECOND_ETAG, pem
from terraform import MINUTES, hcl


def public_key(label, key="rsa-2048", lifecycle="", **arguments):
    arguments = "".join(f"  {name} = {hcl(value)}\n" for name, value in arguments.items())
    return (
        f'resource "aws_cloudfront_public_key" "{label}" {{\n  encoded_key = {hcl(pem(key))}\n{arguments}{lifecycle}}}\n'
    )


def key_group(label, *keys, **arguments):
    items = ", ".join(f"aws_cloudfront_public_key.{key}.id" for key in keys)
    arguments = "".join(f"  {name} = {hcl(value)}\n" for name, value in arguments.items())
    return f'resource "aws_cloudfront_key_group" "{label}" {{\n  items = [{items}]\n{arguments}}}\n'


def keys_of(control):
    return {key["Name"]: key for key in control.list_public_keys()["PublicKeyList"].get("Items", [])}


def groups_of(control):
    items = control.list_key_groups()["KeyGroupList"].get("Items", [])
    return {item["KeyGroup"]["KeyGroupConfig"]["Name"]: item["KeyGroup"] for item in items}


BEFORE_DESTROY = "  lifecycle {\n    create_before_destroy = true\n  }\n"


@pytest.mark.timeout(10 * MINUTES)
def test_public_keys_are_made_changed_imported_and_destroyed(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    special = "a <comment> & \"quotes\" 'n' ünï"
    others = public_key("prefixed", name_prefix="app-") + public_key("ecdsa", key="p-256", name="ecdsa")
    project.apply(public_key("named", name="named", comment=special) + public_key("nameless") + others)
    found = keys_of(control)
    assert len(found) == 4
    assert found["named"]["Comment"] == special
    assert found["named"]["EncodedKey"] == pem("rsa-2048")
    assert {"app-", "tf-"} <= {name[:4] for name in found} | {name[:3] for name in found}
    state = project.state_of("aws_cloudfront_public_key.named")
    assert (state["id"], state["etag"]) == (found["named"]["Id"], FIRST_ETAG)
    project.expect_no_drift()

    # A new comment is an update in place.
    project.apply(public_key("named", name="named", comment="other") + public_key("nameless") + others)
    changed = keys_of(control)["named"]
    assert (changed["Id"], changed["Comment"]) == (found["named"]["Id"], "other")
    assert project.state_of("aws_cloudfront_public_key.named")["etag"] == SECOND_ETAG
    project.expect_no_drift()

    project.import_again({"aws_cloudfront_public_key.named": changed["Id"]})
    project.expect_no_drift()

    # It disappears behind Terraform's back, and is made again.
    control.delete_public_key(Id=changed["Id"], IfMatch=SECOND_ETAG)
    project.apply()
    assert keys_of(control)["named"]["Id"] != changed["Id"]
    project.destroy()
    assert keys_of(control) == {}


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_a_key_is_rotated_under_a_key_group(project):  # noqa: F811
    control = client(project.server, "cloudfront")

    def configuration(key, comment):
        return public_key("signer", key=key, lifecycle=BEFORE_DESTROY, name_prefix="signer-") + public_key(
            "second", key="p-256", name="second"
        ) + key_group("group", "signer", "second", name="group", comment=comment)

    project.apply(configuration("rsa-2048", "first"))
    group = groups_of(control)["group"]
    before = project.state_of("aws_cloudfront_public_key.signer")["id"]
    assert set(group["KeyGroupConfig"]["Items"]) == {before, project.state_of("aws_cloudfront_public_key.second")["id"]}
    project.expect_no_drift()

    # Another key text is another key: made first, then put into the group, then the old one goes.
    project.apply(configuration("rsa-2048-other", "second"))
    after = project.state_of("aws_cloudfront_public_key.signer")["id"]
    assert after != before
    changed = groups_of(control)["group"]
    assert changed["Id"] == group["Id"]
    assert changed["KeyGroupConfig"]["Comment"] == "second"
    assert after in changed["KeyGroupConfig"]["Items"] and before not in changed["KeyGroupConfig"]["Items"]
    assert len(keys_of(control)) == 2
    project.expect_no_drift()

    project.import_again({"aws_cloudfront_key_group.group": group["Id"]})
    project.expect_no_drift()
    project.destroy()
    assert (groups_of(control), keys_of(control)) == ({}, {})


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_key_groups_with_and_without_a_comment_lose_a_key_and_disappear(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    keys = public_key("one", name="one") + public_key("two", name="two")
    project.apply(keys + key_group("plain", "one", name="plain") + key_group("both", "one", "two", name="both"))
    assert "Comment" not in groups_of(control)["plain"]["KeyGroupConfig"]
    project.expect_no_drift()
    project.apply(keys + key_group("plain", "one", name="renamed", comment="c") + key_group("both", "two", name="both"))
    found = groups_of(control)
    assert set(found) == {"renamed", "both"} and len(found["both"]["KeyGroupConfig"]["Items"]) == 1
    control.delete_key_group(Id=found["both"]["Id"], IfMatch=SECOND_ETAG)
    project.apply()
    assert groups_of(control)["both"]["Id"] != found["both"]["Id"]
    project.expect_no_drift()
    project.destroy()
    assert (groups_of(control), keys_of(control)) == ({}, {})


def encryption(patterns, forward, comment, by_argument=False):
    arguments = ""
    if by_argument:
        arguments = """
    query_arg_profiles {
      items {
        profile_id = aws_cloudfront_field_level_encryption_profile.profile.id
        query_arg  = "fle"
      }
    }
"""
    return public_key("key", name="key") + f"""
resource "aws_cloudfront_field_level_encryption_profile" "profile" {{
  name    = "profile"
  comment = {hcl(comment)}
  encryption_entities {{
    items {{
      public_key_id = aws_cloudfront_public_key.key.id
      provider_id   = "provider"
      field_patterns {{
        items = [{", ".join(map(hcl, patterns))}]
      }}
    }}
  }}
}}

resource "aws_cloudfront_field_level_encryption_config" "config" {{
  comment = {hcl(comment)}
  content_type_profile_config {{
    forward_when_content_type_is_unknown = {forward}
    content_type_profiles {{
      items {{
        content_type = "application/x-www-form-urlencoded"
        format       = "URLEncoded"
        profile_id   = aws_cloudfront_field_level_encryption_profile.profile.id
      }}
    }}
  }}
  query_arg_profile_config {{
    forward_when_query_arg_profile_is_unknown = {forward}
{arguments}  }}
}}
"""


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_field_level_encryption_is_made_changed_imported_and_destroyed(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    config, profile = (f"aws_cloudfront_field_level_encryption_{kind}" for kind in ("config.config", "profile.profile"))
    project.apply(encryption(["DateOfBirth", "Card*"], "true", "first"))
    ids = {address: project.state_of(address)["id"] for address in (config, profile)}
    made = control.get_field_level_encryption(Id=ids[config])["FieldLevelEncryption"]["FieldLevelEncryptionConfig"]
    assert made["Comment"] == "first"
    assert made["ContentTypeProfileConfig"]["ContentTypeProfiles"]["Items"][0]["ProfileId"] == ids[profile]
    project.expect_no_drift()

    project.apply(encryption(["DateOfBirth"], "false", "second", by_argument=True))
    assert {address: project.state_of(address)["id"] for address in ids} == ids
    changed = control.get_field_level_encryption_config(Id=ids[config])
    assert changed["ETag"] == SECOND_ETAG
    settings = changed["FieldLevelEncryptionConfig"]["QueryArgProfileConfig"]
    assert settings["ForwardWhenQueryArgProfileIsUnknown"] is False
    assert settings["QueryArgProfiles"]["Items"] == [{"QueryArg": "fle", "ProfileId": ids[profile]}]
    entities = control.get_field_level_encryption_profile_config(Id=ids[profile])
    entities = entities["FieldLevelEncryptionProfileConfig"]["EncryptionEntities"]["Items"]
    assert entities[0]["FieldPatterns"]["Items"] == ["DateOfBirth"]
    project.expect_no_drift()

    project.import_again(ids)
    project.expect_no_drift()

    # Both disappear, and are made again.
    control.delete_field_level_encryption_config(Id=ids[config], IfMatch=SECOND_ETAG)
    control.delete_field_level_encryption_profile(Id=ids[profile], IfMatch=SECOND_ETAG)
    project.apply()
    assert project.state_of(profile)["id"] != ids[profile]
    # What is referred to is destroyed last.
    project.destroy()
    assert keys_of(control) == {}
