"""Its tests: with the seed, and with faults."""

import pytest

from redirects import Redirects


@pytest.fixture
def redirects(admin):
    return Redirects("redirects")


def test_a_redirect_is_added(redirects):
    assert redirects.target("/offer") is None
    assert redirects.add("/offer", "/spring")
    assert redirects.target("/offer") == "/spring"


def test_a_redirect_that_is_there_is_left_as_it_is(redirects):
    assert not redirects.add("/old", "/elsewhere")
    assert redirects.target("/old") == "/new"


def test_every_test_begins_with_the_seed(redirects):
    assert redirects.target("/sale") == "/summer"
    assert redirects.target("/offer") is None


@pytest.mark.parametrize(
    "fault",
    [
        {"Fault": "throttle", "Count": 2},  # the SDK tries again
        {"Fault": "conflict", "Count": 2},  # the program reads the ETag again
        {"Fault": "drop", "Count": 1},  # the write is done and its answer is lost
    ],
    ids=lambda fault: fault["Fault"],
)
def test_it_gets_over_a(fault, admin, redirects):
    admin("POST", "/faults", {"Operation": "PutKey", **fault})
    assert redirects.add("/offer", "/spring")
    assert admin("GET", "/faults") == [], "the fault was met as often as it could be"
    assert redirects.target("/offer") == "/spring"


def test_it_gives_up_when_there_is_no_end_to_conflicts(admin, redirects):
    admin("POST", "/faults", {"Operation": "PutKey", "Fault": "conflict"})
    with pytest.raises(redirects.kvs.exceptions.ValidationException, match="Pre-Condition failed"):
        redirects.add("/offer", "/spring")
    assert redirects.target("/offer") is None
