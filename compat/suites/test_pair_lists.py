"""ListKeys through boto3: order, pages and tokens."""

import pytest

from clients import all_pairs, client, error_of, etag_of, new_arn, put_all


@pytest.fixture(scope="module")
def filled(control, data):
    """A store with 123 pairs."""
    arn = new_arn(control)
    pairs = {f"{'ü' if number % 7 == 0 else 'k'}/{number}": f"v{number}" for number in range(123)}
    put_all(data, arn, pairs)
    return arn, pairs


def test_an_empty_store_lists_nothing(data, arn):
    page = data.list_keys(KvsARN=arn)
    assert page["Items"] == [] and not page.get("NextToken")


def test_a_page_has_ten_pairs_unless_asked(data, filled):
    page = data.list_keys(KvsARN=filled[0])
    assert len(page["Items"]) == 10 and page["NextToken"]


@pytest.mark.parametrize("size", [1, 3, 41, 50])
def test_pages_of_any_size_give_every_pair_once(data, filled, size):
    arn, pairs = filled
    assert all_pairs(data, arn, MaxResults=size) == pairs


def test_the_order_is_by_the_bytes_of_the_keys(data, filled):
    arn, pairs = filled
    assert list(all_pairs(data, arn, MaxResults=50)) == sorted(pairs, key=str.encode)


def test_the_last_page_has_no_token_even_when_it_is_full(data, arn):
    put_all(data, arn, {f"k{number}": "v" for number in range(20)})
    first = data.list_keys(KvsARN=arn, MaxResults=10)
    second = data.list_keys(KvsARN=arn, MaxResults=10, NextToken=first["NextToken"])
    assert len(second["Items"]) == 10
    assert not second.get("NextToken")


def test_botocores_paginator_walks_all_pages(data, filled):
    arn, pairs = filled
    found = data.get_paginator("list_keys").paginate(KvsARN=arn).search("Items[].Key")
    assert sorted(found) == sorted(pairs)


def test_a_token_lives_on_when_its_key_was_deleted(data, arn):
    put_all(data, arn, {f"k{number}": "v" for number in range(9)})
    first = data.list_keys(KvsARN=arn, MaxResults=3)
    data.delete_key(KvsARN=arn, Key=first["Items"][-1]["Key"], IfMatch=etag_of(data, arn))
    rest = all_pairs(data, arn, MaxResults=3, NextToken=first["NextToken"])
    assert list(rest) == [f"k{number}" for number in range(3, 9)]


@pytest.mark.parametrize("token", ["nonsense", "AAAA", "dG9rOjEw", "a b+/=&%é"])
def test_a_token_that_was_never_given_out_is_refused(data, filled, token):
    with pytest.raises(data.exceptions.ValidationException) as failure:
        data.list_keys(KvsARN=filled[0], NextToken=token)
    assert error_of(failure)[1] == 400


def test_a_token_of_another_store_is_refused(control, data, filled):
    token = data.list_keys(KvsARN=filled[0])["NextToken"]
    other = new_arn(control)
    put_all(data, other, {"a": "1"})
    with pytest.raises(data.exceptions.ValidationException):
        data.list_keys(KvsARN=other, NextToken=token)


@pytest.mark.parametrize("size", [0, 51, 1000, -1])
def test_a_page_size_outside_1_to_50_is_refused(server, filled, size):
    # botocore refuses some of these itself; what is tested is the server.
    data = client(server, "cloudfront-keyvaluestore", parameter_validation=False)
    with pytest.raises(data.exceptions.ValidationException) as failure:
        data.list_keys(KvsARN=filled[0], MaxResults=size)
    assert error_of(failure)[:2] == ("ValidationException", 400)
