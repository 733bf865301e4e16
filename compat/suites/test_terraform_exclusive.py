"""The exclusive ownership of a store's pairs, through Terraform and the AWS provider 5.100.0, untouched.

Each Terraform command takes seconds; so a test walks through a life. What passes between Terraform and the
server is seen in a gateway, which can also let another client write at the worst moment.
"""

import pytest

from clients import all_pairs, client, etag_of
from gateway import gateway_to
from terraform import MINUTES, delete_store, exclusive_block, store_block, stores_of

OWNER = "aws_cloudfrontkeyvaluestore_keys_exclusive.exclusive"

pytestmark = pytest.mark.timeout(10 * MINUTES)


@pytest.fixture
def watched(project):
    """An empty project whose requests pass through a gateway: `project.entrance`."""
    with gateway_to(project.server) as gateway:
        project.entrance = gateway
        yield project


@pytest.fixture
def others(empty_server):
    """The data plane as another client uses it, past the gateway."""
    return client(empty_server, "cloudfront-keyvaluestore")


def arn_of(project, name="exclusive"):
    return stores_of(project.server)[name]["ARN"]


def size_of(pairs):
    return sum(len(key.encode()) + len(value.encode()) for key, value in pairs.items())


@pytest.mark.long
def test_a_set_owns_all_pairs_of_its_store_from_the_first_to_none(watched, others):
    project, batches = watched, watched.entrance.batches
    pairs = {f"/päth/{number}": f"value {number}" for number in range(7)}
    project.apply(exclusive_block(pairs, batch=3))
    arn = arn_of(project)
    assert batches() == [(3, 0), (3, 0), (1, 0)]
    assert all_pairs(others, arn) == pairs
    assert project.state_of(OWNER)["total_size_in_bytes"] == size_of(pairs)

    # What another client adds or removes is put right, and nothing else is written.
    foreign = [{"Key": f"foreign/{number}", "Value": ""} for number in range(4)]
    others.update_keys(KvsARN=arn, IfMatch=etag_of(others, arn), Puts=foreign, Deletes=[{"Key": "/päth/0"}])
    project.apply()
    assert batches() == [(1, 0), (0, 3), (0, 1)]
    assert all_pairs(others, arn) == pairs

    # Other keys, with the values that stay.
    renamed = {f"{key}/new": value for key, value in pairs.items()}
    project.apply(exclusive_block(renamed))
    assert batches() == [(7, 0), (0, 7)]
    assert all_pairs(others, arn) == renamed
    project.expect_no_drift()
    assert batches() == []

    project.terraform("state", "rm", OWNER)
    project.terraform("import", "-input=false", "-no-color", OWNER, arn)
    project.expect_no_drift()

    # Not one block: the store is to be empty.
    project.apply(exclusive_block({}))
    assert all_pairs(others, arn) == {}
    assert project.state_of(OWNER)["total_size_in_bytes"] == 0
    others.put_key(KvsARN=arn, Key="foreign", Value="", IfMatch=etag_of(others, arn))
    project.apply()
    assert all_pairs(others, arn) == {}
    project.expect_no_drift()


@pytest.mark.long
def test_changed_values_are_there_after_a_second_apply(watched, others):
    """This provider sends all Puts, and then deletes every key whose old value is gone, a changed one too."""
    project = watched
    project.apply(exclusive_block({"stays": "1", "changes": "1", "leaves": "1"}))
    arn = arn_of(project)

    values = {"stays": "1", "changes": "2", "leaves": "2"}
    project.apply(exclusive_block(values))
    project.apply()
    assert all_pairs(others, arn) == values
    project.expect_no_drift()

    both = {"stays": "1", "changes": "3", "comes": "1"}
    project.apply(exclusive_block(both))
    project.apply()
    assert all_pairs(others, arn) == both
    assert project.state_of(OWNER)["total_size_in_bytes"] == size_of(both)

    # A value that another client has changed is the same case.
    others.put_key(KvsARN=arn, Key="stays", Value="foreign", IfMatch=etag_of(others, arn))
    project.apply()
    project.apply()
    assert all_pairs(others, arn) == both
    project.expect_no_drift()


def write_before_batch(project, others, number):
    """Lets another client write just before the server sees the UpdateKeys with this number, from 1."""
    seen = []

    def before(request):
        seen.extend([request] if request.updates_keys else [])
        if request.updates_keys and len(seen) == number:
            arn = arn_of(project)
            others.put_key(KvsARN=arn, Key="foreign", Value="x", IfMatch=etag_of(others, arn))

    project.entrance.before = before


def expect_conflict(answer):
    # Terraform breaks its lines wherever they are full.
    text = " ".join(answer.stderr.replace("│", " ").split())
    assert answer.returncode == 1
    assert "ValidationException: Pre-Condition failed during update of Key-Value-Store" in text, answer.stderr


@pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.long), 2])
def test_a_foreign_write_during_an_apply_fails_it_between_two_batches(watched, others, number):
    project, gateway = watched, watched.entrance
    pairs = {f"key {number}": "1" for number in range(8)}
    write_before_batch(project, others, number)
    expect_conflict(project.apply(exclusive_block(pairs, batch=3), codes=(1,)))
    arn = arn_of(project)
    # The batches before the conflict are there whole, the one that met it is not there at all, none came after.
    assert gateway.batches() == [(3, 0)] * number
    there = all_pairs(others, arn)
    assert there.pop("foreign") == "x"
    assert len(there) == 3 * (number - 1) and there.items() <= pairs.items()

    gateway.before = lambda request: None
    project.apply()
    assert all_pairs(others, arn) == pairs
    project.expect_no_drift()

    # The same to a set that exists, in the Deletes.
    write_before_batch(project, others, number)
    expect_conflict(project.apply(exclusive_block({"key 7": "1"}, batch=3), codes=(1,)))
    assert len(all_pairs(others, arn)) == len(pairs) - 3 * (number - 1) + 1
    gateway.before = lambda request: None
    project.apply()
    assert all_pairs(others, arn) == {"key 7": "1"}


@pytest.mark.long
def test_two_sets_of_equal_pairs_are_two_and_a_deleted_store_is_made_again(project, others):
    pairs = {"a": "1", "b": "2"}
    project.apply(exclusive_block(pairs, store="one") + exclusive_block(pairs, store="two"))
    one, two = arn_of(project, "one"), arn_of(project, "two")
    others.put_key(KvsARN=one, Key="foreign", Value="", IfMatch=etag_of(others, one))
    untouched = etag_of(others, two)
    project.apply()
    assert all_pairs(others, one) == all_pairs(others, two) == pairs
    assert etag_of(others, two) == untouched

    delete_store(project.server, "one")
    text, _ = project.plan()
    assert "aws_cloudfront_key_value_store.one will be created" in text
    assert "aws_cloudfrontkeyvaluestore_keys_exclusive.one will be created" in text
    assert "Plan: 2 to add, 0 to change, 0 to destroy." in text
    project.apply()
    assert arn_of(project, "one") != one
    assert all_pairs(others, arn_of(project, "one")) == pairs and etag_of(others, two) == untouched

    # Who gives up the ownership leaves the pairs; who deletes the store deletes them.
    project.apply(store_block("one") + exclusive_block(pairs, store="two"))
    assert all_pairs(others, arn_of(project, "one")) == pairs
    project.apply(exclusive_block(pairs, store="two"))
    assert set(stores_of(project.server)) == {"two"}
    project.destroy()
    assert stores_of(project.server) == {}
    with pytest.raises(others.exceptions.ConflictException):
        others.list_keys(KvsARN=two)
