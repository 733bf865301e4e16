"""Public keys, key groups and field-level encryption, as the suites about them make them."""

import json
import sys
from pathlib import Path

from clients import unique_name
from server import ROOT, run_with

FOLDER = ROOT / "crates/keyfront-testkit/fixtures/public-keys"

FIRST_ETAG = "ETVPDKIKX0DER"
SECOND_ETAG = "E3UN6WX5RRO2AG"
BASE = "https://cloudfront.amazonaws.com/2020-05-31"

PRECONDITION = "The request failed because it didn't meet the preconditions in one or more request-header fields."
NO_IF_MATCH = "The If-Match version is missing or not valid for the resource."


def pem(name):
    """A key of the fixtures, to the byte."""
    return (FOLDER / f"{name}.pem").read_bytes().decode("ascii")


def public_key_config(name=None, key="rsa-2048", **more):
    name = name or unique_name("key")
    return {"CallerReference": f"ref-{name}", "Name": name, "EncodedKey": pem(key), **more}


def new_public_key(control, **more):
    return control.create_public_key(PublicKeyConfig=public_key_config(**more))["PublicKey"]["Id"]


def new_key_group(control, keys, name=None, **more):
    config = {"Name": name or unique_name("group"), "Items": keys, **more}
    return control.create_key_group(KeyGroupConfig=config)["KeyGroup"]["Id"]


def listed(**items):
    """A list with its quantity, as the service's documents have them."""
    (name, items), = items.items()
    return {name: {"Quantity": len(items), "Items": items}}


def entity(key, *patterns, provider="provider"):
    return {"PublicKeyId": key, "ProviderId": provider, **listed(FieldPatterns=list(patterns))}


def profile_config(*entities, name=None, **more):
    name = name or unique_name("profile")
    return {"Name": name, "CallerReference": f"ref-{name}", **listed(EncryptionEntities=list(entities)), **more}


def new_profile(control, *entities, **more):
    config = profile_config(*entities, **more)
    answer = control.create_field_level_encryption_profile(FieldLevelEncryptionProfileConfig=config)
    return answer["FieldLevelEncryptionProfile"]["Id"]


def encryption_config(by_type=None, by_argument=None, reference=None, **more):
    config = {"CallerReference": reference or unique_name("ref"), **more}
    if by_argument is not None:
        profiles = [{"QueryArg": argument, "ProfileId": profile} for argument, profile in by_argument.items()]
        config["QueryArgProfileConfig"] = {
            "ForwardWhenQueryArgProfileIsUnknown": True, **listed(QueryArgProfiles=profiles),
        }
    if by_type is not None:
        form = {"Format": "URLEncoded", "ContentType": "application/x-www-form-urlencoded", "ProfileId": by_type}
        config["ContentTypeProfileConfig"] = {
            "ForwardWhenContentTypeIsUnknown": False, **listed(ContentTypeProfiles=[form]),
        }
    return config


def all_items(call, member, **paging):
    """Every item of a list, by all pages."""
    items, markers = [], set()
    while True:
        page = call(**paging)[member]
        found = page.get("Items", [])
        assert page["Quantity"] == len(found)
        items += found
        marker = page.get("NextMarker")
        if not marker:
            return items
        assert marker not in markers, f"the marker {marker!r} came twice"
        markers.add(marker)
        paging["Marker"] = marker


def aws(server, *arguments, fails=False):
    """Runs an `aws cloudfront` command and returns its JSON; with `fails` its error text instead."""
    command = [Path(sys.executable).parent / "aws", "cloudfront", *arguments]
    answer = run_with(server, command, environment={"PYTHONIOENCODING": "utf-8", "AWS_PAGER": ""})
    assert (answer.returncode != 0) == fails, answer.stderr
    return answer.stderr if fails else json.loads(answer.stdout or "null")
