"""What distributions take of a processor: to create one, and to list as many as an account can have."""

import pytest

import server as keyfront
from clients import client
from conftest import running
from distributions import behavior, bucket_origin, configuration, counted, new_distribution, server_origin

DISTRIBUTIONS = 500
PAGE = 100
# Of a release build, in milliseconds of processor time for each request: several times what it takes, so that a busy
# machine passes and work that grows with the account does not.
MOST_OF_A_CREATE = 10
MOST_OF_A_PAGE = 50
ROUNDS = 10


def site(control):
    """A distribution of usual size: two origins, three behaviors, an error page."""
    return new_distribution(
        control,
        Origins=counted(server_origin(), bucket_origin()),
        CacheBehaviors=counted(
            behavior(PathPattern="/api/*"), behavior("pages", PathPattern="/static/*", Compress=True)
        ),
        CustomErrorResponses=counted({"ErrorCode": 404, "ResponseCode": "200", "ResponsePagePath": "/404.html"}),
        DefaultRootObject="index.html",
    )


def milliseconds_of(server, work, requests):
    """Processor time of the server for each request of some work."""
    before = server.cpu_seconds
    work()
    return (server.cpu_seconds - before) * 1000 / requests


@pytest.mark.skipif(not keyfront.IS_RELEASE, reason="only a release build is measured")
@pytest.mark.timeout(300)
def test_creating_and_listing_stay_cheap_when_an_account_is_full(tmp_path):
    with running(tmp_path, "--data", tmp_path / "data") as server:
        control = client(server, "cloudfront")
        create = milliseconds_of(server, lambda: [site(control) for _ in range(DISTRIBUTIONS)], DISTRIBUTIONS)
        pages = control.get_paginator("list_distributions")

        def list_all():
            for _ in range(ROUNDS):
                rows = [
                    row["Id"] for page in pages.paginate(PaginationConfig={"PageSize": PAGE})
                    for row in page["DistributionList"]["Items"]
                ]
                assert len(set(rows)) == DISTRIBUTIONS

        page = milliseconds_of(server, list_all, ROUNDS * DISTRIBUTIONS // PAGE)
        with pytest.raises(control.exceptions.TooManyDistributions):
            control.create_distribution(DistributionConfig=configuration())
    print(f"CreateDistribution {create:.2f} ms, ListDistributions of {PAGE} {page:.2f} ms of processor time")
    assert create <= MOST_OF_A_CREATE
    assert page <= MOST_OF_A_PAGE
