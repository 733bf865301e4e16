"""ListKeyValueStores through boto3: pages, markers, the status filter."""

import pytest

from clients import client, error_of, new_store, next_millisecond, wait_until_provisioned


@pytest.fixture(scope="module")
def filled(control):
    """Seven stores, in the order in which they were made, which is the order of lists."""
    return [in_order(control, f"list-{number}", Comment=str(number))["KeyValueStore"] for number in range(7)]


def in_order(control, name, **more):
    """A new store, later than all before it: stores of one millisecond are listed by their ids."""
    next_millisecond()
    return new_store(control, name, **more)


def pages(control, **paging):
    while True:
        page = control.list_key_value_stores(**paging)["KeyValueStoreList"]
        yield page
        if not page.get("NextMarker"):
            return
        paging["Marker"] = page["NextMarker"]


def names(page):
    return [store["Name"] for store in page.get("Items", [])]


def test_an_empty_account_lists_nothing_at_all(empty_server):
    page = client(empty_server, "cloudfront").list_key_value_stores()["KeyValueStoreList"]
    assert page == {"MaxItems": 100, "Quantity": 0}


def test_a_list_holds_the_stores_as_describe_shows_them(control, filled):
    page = control.list_key_value_stores()["KeyValueStoreList"]
    assert page["Quantity"] == 7 and page["MaxItems"] == 100
    assert not page.get("NextMarker")
    assert page["Items"] == filled


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_of_any_size_give_every_store_once_and_in_order(control, filled, size):
    seen = []
    for page in pages(control, MaxItems=str(size)):
        assert page["MaxItems"] == size
        assert page["Quantity"] == len(page["Items"]) <= size
        seen += names(page)
    assert seen == [store["Name"] for store in filled]


def test_a_next_marker_is_the_last_id_of_its_page(control, filled):
    page = control.list_key_value_stores(MaxItems="3")["KeyValueStoreList"]
    assert page["NextMarker"] == filled[2]["Id"]


def test_botocores_paginator_walks_all_pages(control, filled):
    paginator = control.get_paginator("list_key_value_stores")
    found = paginator.paginate(PaginationConfig={"PageSize": 2}).search("KeyValueStoreList.Items[].Name")
    assert list(found) == [store["Name"] for store in filled]


def test_the_status_filter_is_exact(control, filled):
    assert len(names(control.list_key_value_stores(Status="READY")["KeyValueStoreList"])) == 7
    assert names(control.list_key_value_stores(Status="IMPORT_FAILURE")["KeyValueStoreList"]) == []


def test_a_deleted_store_leaves_the_list_and_its_page(empty_server):
    control = client(empty_server, "cloudfront")
    stores = [in_order(control, f"s{number}") for number in range(4)]
    first = control.list_key_value_stores(MaxItems="2")["KeyValueStoreList"]
    control.delete_key_value_store(Name="s2", IfMatch=stores[2]["ETag"])
    rest = control.list_key_value_stores(MaxItems="2", Marker=first["NextMarker"])["KeyValueStoreList"]
    assert names(rest) == ["s3"]


@pytest.mark.parametrize("marker", ["nonsense", "00000000-0000-0000-0000-000000000000", "a/b", "ü"])
def test_a_marker_that_names_no_store_is_refused(control, filled, marker):
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.list_key_value_stores(Marker=marker)
    assert error_of(failure)[1] == 400


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5"])
def test_a_page_size_that_is_no_positive_number_is_refused(control, filled, size):
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.list_key_value_stores(MaxItems=size)
    assert error_of(failure)[1] == 400


def test_an_empty_marker_is_the_beginning(control, filled):
    assert len(names(control.list_key_value_stores(Marker="")["KeyValueStoreList"])) == 7


def test_a_page_is_at_most_100_stores(empty_server):
    control = client(empty_server, "cloudfront")
    for number in range(101):
        control.create_key_value_store(Name=f"s{number:03}")
    wait_until_provisioned(control, "s100")
    first, second = pages(control)
    assert first["Quantity"] == 100 and second["Quantity"] == 1
    assert sorted(names(first) + names(second)) == [f"s{number:03}" for number in range(101)]
