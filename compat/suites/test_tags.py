"""Tags of key value stores through boto3."""

import pytest

from clients import error_of, new_arn, new_store, status_of, unique_name


def tags_of(control, arn):
    items = control.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    return {tag["Key"]: tag.get("Value") for tag in items}


def tagging(**tags):
    return {"Items": [{"Key": key, "Value": value} for key, value in tags.items()]}


def test_a_store_has_no_tags_unless_given(control, arn):
    assert tags_of(control, arn) == {}


def test_tags_given_at_creation_are_there(control):
    arn = new_arn(control, Tags=tagging(team="edge", stage="prod"))
    assert tags_of(control, arn) == {"team": "edge", "stage": "prod"}


def test_tags_are_added_replaced_and_removed(control, arn):
    added = control.tag_resource(Resource=arn, Tags=tagging(team="edge", stage="dev"))
    assert status_of(added) == 204
    control.tag_resource(Resource=arn, Tags=tagging(stage="prod", owner="me"))
    assert tags_of(control, arn) == {"team": "edge", "stage": "prod", "owner": "me"}
    removed = control.untag_resource(Resource=arn, TagKeys={"Items": ["team", "never-there"]})
    assert status_of(removed) == 204
    assert tags_of(control, arn) == {"stage": "prod", "owner": "me"}


def test_any_character_that_the_service_allows_survives(control, arn):
    tags = {"a b": "ü", "_.:/=+-@": "_.:/=+-@", "Ключ": "значение", "k" * 128: "v" * 256, "empty": ""}
    control.tag_resource(Resource=arn, Tags={"Items": [{"Key": key, "Value": tags[key]} for key in tags]})
    assert tags_of(control, arn) == tags


@pytest.mark.parametrize(
    "tag",
    [
        {"Key": "k" * 129, "Value": "v"},
        {"Key": "k", "Value": "v" * 257},
        {"Key": "a<b", "Value": "v"},
        {"Key": "k", "Value": "100%"},
        {"Key": "k", "Value": "😀"},
    ],
)
def test_tags_outside_the_constraints_are_refused_and_nothing_changes(control, arn, tag):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.tag_resource(Resource=arn, Tags={"Items": [{"Key": "good", "Value": "1"}, tag]})
    code, status, _ = error_of(failure)
    assert code in ("MalformedXML", "InvalidTagging") and status == 400
    assert tags_of(control, arn) == {}


def test_more_than_50_tags_are_refused(control, arn):
    control.tag_resource(Resource=arn, Tags=tagging(**{f"t{number}": "v" for number in range(50)}))
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.tag_resource(Resource=arn, Tags=tagging(another="v"))
    assert error_of(failure)[1] == 400
    assert len(tags_of(control, arn)) == 50
    control.tag_resource(Resource=arn, Tags=tagging(t0="replaced"))
    assert tags_of(control, arn)["t0"] == "replaced"


def test_bad_tags_at_creation_create_nothing(control):
    name = unique_name()
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.create_key_value_store(Name=name, Tags=tagging(**{"a<b": "v"}))
    assert error_of(failure)[1] == 400
    with pytest.raises(control.exceptions.EntityNotFound):
        control.describe_key_value_store(Name=name)


@pytest.mark.parametrize(
    "call",
    [
        lambda control, arn: control.list_tags_for_resource(Resource=arn),
        lambda control, arn: control.tag_resource(Resource=arn, Tags=tagging(a="b")),
        lambda control, arn: control.untag_resource(Resource=arn, TagKeys={"Items": ["a"]}),
    ],
    ids=["list", "tag", "untag"],
)
def test_a_resource_that_is_not_there_has_no_tags(control, call):
    with pytest.raises(control.exceptions.NoSuchResource) as failure:
        call(control, "arn:aws:cloudfront::000000000000:key-value-store/00000000-0000-0000-0000-000000000000")
    assert error_of(failure)[:2] == ("NoSuchResource", 404)


@pytest.mark.parametrize("arn", ["nonsense", "arn:aws:s3:::bucket", "arn:aws:cloudfront::000000000000:teapot/1"])
def test_what_is_no_arn_of_the_service_is_refused(control, arn):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.list_tags_for_resource(Resource=arn)
    assert error_of(failure)[0] in ("InvalidArgument", "NoSuchResource", "MalformedXML")


def test_tags_go_with_their_store_and_do_not_move_its_etag(control):
    answer = new_store(control)
    store = answer["KeyValueStore"]
    control.tag_resource(Resource=store["ARN"], Tags=tagging(a="b"))
    assert control.describe_key_value_store(Name=store["Name"])["ETag"] == answer["ETag"]
    control.delete_key_value_store(Name=store["Name"], IfMatch=answer["ETag"])
    with pytest.raises(control.exceptions.NoSuchResource):
        control.list_tags_for_resource(Resource=store["ARN"])
