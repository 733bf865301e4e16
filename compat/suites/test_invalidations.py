"""Invalidations through boto3."""

import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from conftest import running
from distributions import changed, counted, id_of, new_distribution, remove
from keys import BASE, all_items

CHANGED = (
    "Your request contains a caller reference that was used for a previous invalidation batch for the same "
    "distribution."
)
BAD_PATH = "Your request contains one or more invalid invalidation paths."
NO_DISTRIBUTION = "The specified distribution does not exist."
TOO_MANY = "Processing your request will cause you to exceed the maximum number of in-progress wildcard invalidations."


def batch(*paths, reference=None):
    return {"Paths": counted(*paths), "CallerReference": reference or unique_name("batch")}


def create(control, name, *paths, **more):
    return control.create_invalidation(DistributionId=name, InvalidationBatch=batch(*paths, **more))


@pytest.fixture(scope="module")
def name(control):
    return id_of(new_distribution(control))


def test_an_invalidation_is_created_and_completed(control, name):
    created = create(control, name, "/a", "/b/*", "/*.html", reference="first")
    shown = created["Invalidation"]
    assert status_of(created) == 201
    assert re.fullmatch(r"I[0-9A-Z]{12,26}", shown["Id"])
    assert created["Location"] == f"{BASE}/distribution/{name}/invalidation/{shown['Id']}"
    assert shown.keys() == {"Id", "Status", "CreateTime", "InvalidationBatch"}
    assert shown["Status"] == "InProgress"
    paths = shown["InvalidationBatch"]["Paths"]
    assert (paths["Quantity"], set(paths["Items"])) == (3, {"/a", "/b/*", "/*.html"})
    assert shown["InvalidationBatch"]["CallerReference"] == "first"
    read = control.get_invalidation(DistributionId=name, Id=shown["Id"])["Invalidation"]
    assert read == {**shown, "Status": "Completed"}
    assert control.get_distribution(Id=name)["Distribution"]["InProgressInvalidationBatches"] == 0

    # The same again is the one that was made, in any order of paths; with others it is refused.
    again = create(control, name, "/*.html", "/a", "/b/*", reference="first")
    assert again["Invalidation"]["Id"] == shown["Id"]
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        create(control, name, "/a", reference="first")
    assert error_of(failure) == ("InvalidArgument", 400, CHANGED)
    # A caller reference is one of its distribution.
    other = id_of(new_distribution(control))
    assert create(control, other, "/a", reference="first")["Invalidation"]["Id"] != shown["Id"]


@pytest.mark.parametrize("path", ["/", "/*", "/a*b", "/~user", "/ü", "/a?b=c&d", "/%20", "/" + "a" * 3999])
def test_a_path_may_be(control, name, path):
    assert create(control, name, path)["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] == [path]


@pytest.mark.parametrize("document,code,text", [
    (batch("a"), "InvalidArgument", BAD_PATH),
    (batch("*"), "InvalidArgument", BAD_PATH),
    (batch("/a", ""), "InvalidArgument", BAD_PATH),
    (batch("/" + "a" * 4000), "InvalidArgument", BAD_PATH),
    ({**batch("/a"), "Paths": {"Quantity": 2, "Items": ["/a"]}}, "InconsistentQuantities", None),
    ({**batch("/a"), "CallerReference": ""}, "InvalidArgument", None),
    (batch(), "InvalidArgument", None),
])
def test_a_batch_is_refused(control, name, document, code, text):
    with pytest.raises(control.exceptions.from_code(code)) as failure:
        control.create_invalidation(DistributionId=name, InvalidationBatch=document)
    assert error_of(failure) == (code, 400, text or error_of(failure)[2])


def test_what_is_not_there(control, name):
    absent = ("NoSuchDistribution", 404, NO_DISTRIBUTION)
    for attempt, expected in [
        (lambda: create(control, "E1", "/a"), absent),
        (lambda: control.list_invalidations(DistributionId="E1"), absent),
        (lambda: control.get_invalidation(DistributionId="E1", Id="I1"), absent),
        (lambda: control.get_invalidation(DistributionId=name, Id="I1"),
         ("NoSuchInvalidation", 404, "The specified invalidation does not exist.")),
        (lambda: control.list_invalidations(DistributionId=name, MaxItems="none"), ("InvalidArgument", 400, None)),
    ]:
        with pytest.raises(control.exceptions.from_code(expected[0])) as failure:
            attempt()
        assert error_of(failure) == (*expected[:2], expected[2] or error_of(failure)[2])


def test_the_newest_is_listed_first_and_all_go_with_the_distribution(control):
    created = new_distribution(control)
    name = id_of(created)
    assert control.list_invalidations(DistributionId=name)["InvalidationList"] == {
        "Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 0,
    }
    # One that is disabled has invalidations, too.
    off = changed(created["Distribution"]["DistributionConfig"], Enabled=False)
    updated = control.update_distribution(Id=name, IfMatch=created["ETag"], DistributionConfig=off)
    made = []
    for number in range(5):
        next_millisecond()
        made.append(create(control, name, f"/{number}")["Invalidation"]["Id"])

    def rows(**paging):
        return control.list_invalidations(DistributionId=name, **paging)

    listed = all_items(rows, "InvalidationList", MaxItems="2")
    assert [row["Id"] for row in listed] == made[::-1]
    assert listed[0].keys() == {"Id", "CreateTime", "Status"}
    assert {row["Status"] for row in listed} == {"Completed"}
    pages = control.get_paginator("list_invalidations").paginate(
        DistributionId=name, PaginationConfig={"PageSize": 3}
    )
    assert [row["Id"] for page in pages for row in page["InvalidationList"]["Items"]] == made[::-1]
    control.delete_distribution(Id=name, IfMatch=updated["ETag"])
    with pytest.raises(control.exceptions.NoSuchDistribution):
        rows()


def test_so_many_are_in_progress_at_a_time(tmp_path):
    """With time to pass, a distribution shows what is in progress, is not deleted, and takes so many wildcards."""
    settings = tmp_path / "keyfront.toml"
    settings.write_text(
        "[settling]\ndistribution = 3600\ninvalidation = 3600\n\n[quotas]\nfiles_being_invalidated = 3\n"
        "wildcards_being_invalidated = 2\n"
    )
    with running(tmp_path, "--config", settings) as server:
        control = client(server, "cloudfront")
        created = new_distribution(control, Enabled=False)
        name = id_of(created)
        create(control, name, "/a/*", "/b/*")
        with pytest.raises(control.exceptions.TooManyInvalidationsInProgress) as failure:
            create(control, name, "/c/*")
        assert error_of(failure) == ("TooManyInvalidationsInProgress", 400, TOO_MANY)
        create(control, name, "/1", "/2", "/3")
        with pytest.raises(control.exceptions.TooManyInvalidationsInProgress):
            create(control, name, "/4")
        shown = control.get_distribution(Id=name)["Distribution"]
        assert (shown["Status"], shown["InProgressInvalidationBatches"]) == ("InProgress", 2)
        listed = control.list_invalidations(DistributionId=name)["InvalidationList"]["Items"]
        assert [row["Status"] for row in listed] == ["InProgress"] * 2
        with pytest.raises(control.exceptions.DistributionNotDisabled):
            control.delete_distribution(Id=name, IfMatch=created["ETag"])
        # Another distribution has its own.
        create(control, id_of(new_distribution(control)), "/a/*", "/b/*")


def test_a_distribution_that_was_removed_leaves_no_invalidation(control):
    name = id_of(new_distribution(control))
    made = create(control, name, "/a")["Invalidation"]["Id"]
    remove(control, name)
    with pytest.raises(control.exceptions.NoSuchDistribution):
        control.get_invalidation(DistributionId=name, Id=made)
