"""Many clients on the same distributions, names and references at once: one of them wins, and the others learn it."""

import collections

import pytest

from clients import client, unique_name
from distributions import (
    behavior, bucket_origin, changed, configuration, counted, id_of, new_distribution, remove, with_aliases,
)
from test_concurrency import WRITERS, together


@pytest.fixture(scope="module")
def crowd(server):
    """A client for each writer."""
    return [client(server, "cloudfront") for _ in range(WRITERS)]


def outcomes(crowd, call):
    """How often each outcome was: a status, or the code of an error."""

    def attempt(number):
        try:
            return call(crowd[number], number)["ResponseMetadata"]["HTTPStatusCode"]
        except crowd[number].exceptions.ClientError as failure:
            return failure.response["Error"]["Code"]

    return collections.Counter(together(attempt))


def test_one_creates_with_a_caller_reference(crowd):
    config = configuration()
    made = outcomes(crowd, lambda own, _: own.create_distribution(DistributionConfig=config))
    assert made == {201: 1, "DistributionAlreadyExists": WRITERS - 1}


def test_one_gets_an_alias(crowd):
    name = f"{unique_name('www')}.crowd.example"
    made = outcomes(crowd, lambda own, _: own.create_distribution(
        DistributionConfig=configuration(**with_aliases(name))
    ))
    assert made == {201: 1, "CNAMEAlreadyExists": WRITERS - 1}


def test_one_updates_a_version_and_one_deletes_it(crowd, control):
    created = new_distribution(control, Enabled=False)
    held = created["Distribution"]["DistributionConfig"]
    made = outcomes(crowd, lambda own, number: own.update_distribution(
        Id=id_of(created), IfMatch=created["ETag"], DistributionConfig=changed(held, Comment=str(number))
    ))
    assert made == {200: 1, "PreconditionFailed": WRITERS - 1}
    etag = control.get_distribution(Id=id_of(created))["ETag"]
    made = outcomes(crowd, lambda own, _: own.delete_distribution(Id=id_of(created), IfMatch=etag))
    assert made == {204: 1, "NoSuchDistribution": WRITERS - 1}


def test_the_same_invalidation_is_made_once(crowd, control):
    name = id_of(new_distribution(control))
    batch = {"Paths": counted("/*"), "CallerReference": unique_name("batch")}
    made = outcomes(crowd, lambda own, _: own.create_invalidation(DistributionId=name, InvalidationBatch=batch))
    assert made == {201: WRITERS}
    assert control.list_invalidations(DistributionId=name)["InvalidationList"]["Quantity"] == 1


def test_what_is_deleted_is_not_referred_to(crowd, control):
    """While some create distributions with an access control, others delete it: it is kept, or they are refused."""
    for _ in range(3):
        access = control.create_origin_access_control(OriginAccessControlConfig={
            "Name": unique_name("access"), "SigningProtocol": "sigv4", "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        })
        identity = access["OriginAccessControl"]["Id"]

        def race(own, number):
            if number % 2:
                return own.delete_origin_access_control(Id=identity, IfMatch=access["ETag"])
            origins = counted(bucket_origin("site", OriginAccessControlId=identity))
            return own.create_distribution(DistributionConfig=configuration(
                Origins=origins, DefaultCacheBehavior=behavior("site")
            ))

        made = outcomes(crowd, race)
        assert made.keys() <= {
            201, 204, "OriginAccessControlInUse", "InvalidOriginAccessControl", "NoSuchOriginAccessControl",
        }
        assert (made[204] == 1) == (made[201] == 0), made
        if made[201]:
            rows = control.list_distributions(MaxItems="1000")["DistributionList"]["Items"]
            users = [
                row["Id"] for row in rows
                if row["Origins"]["Items"][0]["OriginAccessControlId"] == identity
            ]
            assert len(users) == made[201]
            for name in users:
                remove(control, name)
            control.delete_origin_access_control(Id=identity, IfMatch=access["ETag"])
