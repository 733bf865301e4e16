"""Trust stores through boto3."""

import re

import pytest

from clients import client, error_of, status_of
from conftest import running
from entities import FIRST_ETAG, KSUID, NOT_FOUND, ZEROTH_ETAG

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


@pytest.fixture
def trusting(tmp_path):
    """A server that reads bundles from a folder, and that folder."""
    bundles = tmp_path / "bundles"
    bundles.mkdir()
    settings = tmp_path / "keyfront.toml"
    settings.write_text(f'[import.folders]\ncertificates = "{bundles}"\n')
    with running(tmp_path, "--config", str(settings)) as server:
        yield client(server, "cloudfront"), bundles


def source(key):
    location = {"Bucket": "certificates", "Key": key, "Region": "us-east-1"}
    return {"CaCertificatesBundleS3Location": location}


def test_a_trust_store_counts_the_certificates_of_its_bundle(trusting):
    control, bundles = trusting
    (bundles / "ca.pem").write_text(CERTIFICATE * 2)
    created = control.create_trust_store(Name="roots", CaCertificatesBundleSource=source("ca.pem"))
    store = created["TrustStore"]
    assert (status_of(created), created["ETag"], store["Status"]) == (201, ZEROTH_ETAG, "pending")
    assert re.fullmatch(f"ts_{KSUID}", store["Id"])
    for identifier in (store["Id"], store["Arn"], "roots"):
        shown = control.get_trust_store(Identifier=identifier)["TrustStore"]
        assert (shown["Status"], shown["NumberOfCaCertificates"]) == ("active", 2)
    (bundles / "more.pem").write_text(CERTIFICATE * 3)
    updated = control.update_trust_store(
        Id=store["Id"], IfMatch=ZEROTH_ETAG, CaCertificatesBundleSource=source("more.pem"),
    )
    assert (updated["ETag"], updated["TrustStore"]["Status"]) == (FIRST_ETAG, "pending")
    listed = control.list_trust_stores()["TrustStoreList"]
    assert [(item["Name"], item["NumberOfCaCertificates"]) for item in listed] == [("roots", 3)]
    assert status_of(control.delete_trust_store(Id=store["Id"], IfMatch=FIRST_ETAG)) == 204
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        control.get_trust_store(Identifier=store["Id"])
    assert error_of(failure) == NOT_FOUND


def test_a_bundle_that_cannot_be_used_leaves_its_reason(trusting):
    control, bundles = trusting
    (bundles / "empty.pem").write_text("")
    (bundles / "many.pem").write_text(CERTIFICATE * 26)
    for key, words in [
        ("absent.pem", "no object absent.pem"),
        ("empty.pem", "contains no certificates"),
        ("many.pem", "26 certificates; the limit is 25"),
    ]:
        control.create_trust_store(Name=key, CaCertificatesBundleSource=source(key))
        shown = control.get_trust_store(Identifier=key)["TrustStore"]
        assert (shown["Status"], words in shown["Reason"]) == ("failed", True), shown
