"""VPC origins through boto3 and the AWS CLI."""

import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from distributions import ETAGS, behavior, configuration, counted
from keys import BASE, FIRST_ETAG, SECOND_ETAG, aws, listed
from server import ACCOUNT
from wire import Wire

BALANCER = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/app/web/50dc6c495c0c9188"


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def endpoint(**changes):
    config = {
        "Name": unique_name("origin"), "Arn": BALANCER, "HTTPPort": 80, "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only", **listed(OriginSslProtocols=["TLSv1.2"]),
    }
    return {**config, **changes}


NOT_FOUND = "The specified vpc origin does not exist"
FOURTH_ETAG = "E1PA6795UKMFR9"
UNKNOWN = "vo_Y769dEbaneau0o63mXNjrY"


def test_a_vpc_origin_is_made_shown_changed_and_deleted(control):
    config = endpoint()
    created = control.create_vpc_origin(
        VpcOriginEndpointConfig=config, Tags={"Items": [{"Key": "team", "Value": "web"}]}
    )
    origin = created["VpcOrigin"]
    assert (status_of(created), created["ETag"], origin["Status"]) == (202, FIRST_ETAG, "Deploying")
    assert re.fullmatch("vo_[1-9A-HJ-NP-Za-km-z]{22}", origin["Id"])
    assert origin["Arn"] == f"arn:aws:cloudfront::{ACCOUNT}:vpcorigin/{origin['Id']}"
    assert created["Location"] == f"{BASE}/vpc-origin/{origin['Id']}"
    assert (origin["AccountId"], origin["VpcOriginEndpointConfig"]) == (ACCOUNT, config)
    # The end of the deployment is a version of its own.
    shown = control.get_vpc_origin(Id=origin["Id"])
    assert (shown["VpcOrigin"], shown["ETag"]) == ({**origin, "Status": "Deployed"}, SECOND_ETAG)
    assert control.list_tags_for_resource(Resource=origin["Arn"])["Tags"]["Items"] == [{"Key": "team", "Value": "web"}]
    row, = control.list_vpc_origins()["VpcOriginList"]["Items"]
    assert (row["Id"], row["Name"], row["OriginEndpointArn"]) == (origin["Id"], config["Name"], BALANCER)
    assert (row["Status"], row["Arn"], row["AccountId"]) == ("Deployed", origin["Arn"], ACCOUNT)
    by_origin = control.list_distributions_by_vpc_origin_id(VpcOriginId=origin["Id"])["DistributionIdList"]
    assert (by_origin["Quantity"], "Items" in by_origin) == (0, False)

    changed = endpoint(HTTPPort=8080, OriginProtocolPolicy="match-viewer")
    for etag, expected in [
        ("stale", ("InvalidIfMatchVersion", 400)), (FIRST_ETAG, ("PreconditionFailed", 412)),
        (ETAGS[3], ("PreconditionFailed", 412)),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            control.update_vpc_origin(Id=origin["Id"], IfMatch=etag, VpcOriginEndpointConfig=changed)
        assert error_of(failure)[:2] == expected
    next_millisecond()
    updated = control.update_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=changed)
    assert (status_of(updated), updated["ETag"], updated["VpcOrigin"]["Status"]) == (202, ETAGS[3], "Deploying")
    assert updated["VpcOrigin"]["VpcOriginEndpointConfig"] == changed
    assert control.get_vpc_origin(Id=origin["Id"])["ETag"] == FOURTH_ETAG
    deleted = control.delete_vpc_origin(Id=origin["Id"], IfMatch=FOURTH_ETAG)
    assert (status_of(deleted), deleted["VpcOrigin"]["Id"]) == (202, origin["Id"])
    assert deleted["VpcOrigin"]["Status"] == "Deploying" and deleted["ETag"] != FOURTH_ETAG
    for call in [
        lambda: control.get_vpc_origin(Id=origin["Id"]),
        lambda: control.update_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=changed),
        lambda: control.delete_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG),
        lambda: control.list_distributions_by_vpc_origin_id(VpcOriginId=origin["Id"]),
    ]:
        with pytest.raises(control.exceptions.EntityNotFound) as failure:
            call()
        assert error_of(failure)[1:] == (404, NOT_FOUND)


# Each row is from captures of AWS of 2026-10 in MiniStack's tests.
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"HTTPPort": 22}, "InvalidArgument", "The parameter origin port is not within allowed range."),
        ({"HTTPSPort": 65536, "Name": ""}, "InvalidArgument", "The parameter origin port is not within allowed range."),
        ({"Name": ""}, "InvalidArgument", "The parameter VPC Origin Name is too small or empty."),
        ({"Name": "n" * 65}, "InvalidArgument", "The parameter VPC Origin Name is too big."),
        (
            {"Name": "a b"}, "InvalidArgument",
            "The parameter Name contains characters other than alphanumericals, dashes, and underscores.",
        ),
        (
            {"OriginSslProtocols": {"Quantity": 2, "Items": ["TLSv1.2"]}, "Arn": "arn:aws:s3:::bucket"},
            "InconsistentQuantities",
            "The specified quantity of OriginSslProtocols (2) does not match the actual quantity supplied (1).",
        ),
        (
            {"OriginSslProtocols": {"Quantity": 0, "Items": []}}, "InvalidArgument",
            "The parameter OriginSslProtocols is not valid! Should be one or more from SSLv3, TLSv1, TLSv1.1, and TLSv1.2.",
        ),
        ({"Arn": "arn:aws:s3:::bucket"}, "InvalidArgument", "The parameter VpcOriginEndpointConfig Arn Invalid Format."),
        (
            {"Arn": BALANCER.replace(ACCOUNT, "444455556666")}, "InvalidArgument",
            "The parameter VpcOriginEndpointConfig Arn contains a mismatched AWS account.",
        ),
        (
            {"OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.3"]}, "OriginProtocolPolicy": "none"}, "MalformedXML",
            "2 validation errors detected: Value '[TLSv1.3]' at 'vpcOriginEndpointConfig.originSslProtocols.items' failed to "
            "satisfy constraint: Member must satisfy constraint: [Member must satisfy value set: [SSLv3, TLSv1, TLSv1.1, "
            "TLSv1.2]]; Value 'none' at 'vpcOriginEndpointConfig.originProtocolPolicy' failed to satisfy constraint: Member "
            "must satisfy value set: [https-only, http-only, match-viewer]",
        ),
    ],
)
def test_what_is_no_vpc_origin(control, changes, code, message):
    control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(Name="taken"))
    made = control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())["VpcOrigin"]["Id"]
    # A name that is taken is looked at last.
    config = endpoint(**{"Name": "taken", **changes})
    for call in [
        lambda: control.create_vpc_origin(VpcOriginEndpointConfig=config),
        lambda: control.update_vpc_origin(Id=made, IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=config),
        # What is wrong by itself comes before what is not there.
        lambda: control.update_vpc_origin(Id=UNKNOWN, IfMatch=FIRST_ETAG, VpcOriginEndpointConfig=config),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            call()
        assert error_of(failure) == (code, 400, message)
    for call in [
        lambda: control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(Name="taken")),
        lambda: control.update_vpc_origin(Id=made, IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=endpoint(Name="taken")),
    ]:
        with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
            call()
        assert error_of(failure)[1:] == (
            409, "Another vpc origin with the same name already exists within the aws account.",
        )
    control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(Name="TAKEN"))


def test_what_is_left_out_and_how_protocols_are_shown(control):
    config = endpoint()
    del config["OriginSslProtocols"]
    for sent, shown in [
        ({}, ["TLSv1", "TLSv1.1", "TLSv1.2"]),
        (listed(OriginSslProtocols=["TLSv1.2", "TLSv1", "TLSv1.2"]), ["TLSv1", "TLSv1.2"]),
    ]:
        made = control.create_vpc_origin(VpcOriginEndpointConfig={**config, "Name": unique_name(), **sent})
        protocols = made["VpcOrigin"]["VpcOriginEndpointConfig"]["OriginSslProtocols"]
        assert protocols == {"Quantity": len(shown), "Items": shown}


def test_the_address_type_is_always_shown(empty_server):
    # R1 U-create/create-A-default-ssl and U11 in MiniStack's tests; the SDK does not know the member yet.
    control, wire = client(empty_server, "cloudfront"), Wire(empty_server)
    made = control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())["VpcOrigin"]["Id"]
    for path in [f"/2020-05-31/vpc-origin/{made}", "/2020-05-31/vpc-origin"]:
        assert "<IpAddressType>ipv4</IpAddressType>" in wire.send(wire.control("GET", path)).text


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (UNKNOWN, ("EntityNotFound", 404, NOT_FOUND)),
        ("xy_Y769dEbaneau0o63mXNjrY", ("EntityNotFound", 404, NOT_FOUND)),
        ("vo_doesnotexist", ("InvalidArgument", 400, "Id format is invalid")),
        ("VO_Y769dEbaneau0o63mXNjrY", ("InvalidArgument", 400, "Id format is invalid")),
        ("vo_Y769dEbane-au0o63mXNjr", ("InvalidArgument", 400, "Id format is invalid")),
    ],
)
def test_an_id_has_a_form(control, identity, expected):
    for call in [
        lambda: control.get_vpc_origin(Id=identity),
        lambda: control.delete_vpc_origin(Id=identity, IfMatch=FIRST_ETAG),
        lambda: control.update_vpc_origin(Id=identity, IfMatch=FIRST_ETAG, VpcOriginEndpointConfig=endpoint()),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            call()
        assert error_of(failure) == expected


def test_without_an_etag_a_constraint_is_not_met(empty_server):
    # R1 U2 in MiniStack's tests.
    control, wire = client(empty_server, "cloudfront"), Wire(empty_server)
    made = control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())["VpcOrigin"]["Id"]
    path = f"/2020-05-31/vpc-origin/{made}"
    answer = wire.send(wire.control("DELETE", path))
    message = "1 validation error detected: Value null at 'ifMatch' failed to satisfy constraint: Member must not be null"
    assert (answer.status, answer.control_error()) == (400, ("MalformedXML", message))
    answer = wire.send(wire.control("DELETE", path, headers={"If-Match": ""}))
    assert (answer.status, answer.control_error()[0]) == (400, "InvalidIfMatchVersion")


def test_an_origin_that_a_distribution_uses_stays_as_it_is(control):
    in_use = (
        "The specified VPC origin is currently associated with one or more distributions. Please disassociate the VPC "
        "origin from all distributions before updating or deleting"
    )
    config = endpoint()
    made = control.create_vpc_origin(VpcOriginEndpointConfig=config)["VpcOrigin"]["Id"]
    private = {"Id": "private", "DomainName": "internal.example.com", "VpcOriginConfig": {"VpcOriginId": made}}
    distribution = configuration(Origins=counted(private), DefaultCacheBehavior=behavior("private"))
    for wrong, expected in [
        ({"VpcOriginId": ""}, ("InvalidArgument", 400, "The parameter vpcOriginId must not be empty for VPC Origin.")),
        ({"VpcOriginId": UNKNOWN}, ("EntityNotFound", 404, NOT_FOUND)),
        ({"VpcOriginId": "vo_doesnotexist"}, ("EntityNotFound", 404, NOT_FOUND)),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            control.create_distribution(DistributionConfig={
                **distribution, "Origins": counted({**private, "VpcOriginConfig": wrong}),
            })
        assert error_of(failure) == expected
    shown = control.create_distribution(DistributionConfig=distribution)["Distribution"]["DistributionConfig"]
    assert shown["Origins"]["Items"][0]["VpcOriginConfig"] == {
        "VpcOriginId": made, "OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5,
    }
    for code, call in [
        ("CannotUpdateEntityWhileInUse", lambda: control.update_vpc_origin(
            Id=made, IfMatch=SECOND_ETAG, VpcOriginEndpointConfig={**config, "HTTPSPort": 8443})),
        ("CannotDeleteEntityWhileInUse", lambda: control.delete_vpc_origin(Id=made, IfMatch=SECOND_ETAG)),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            call()
        assert error_of(failure) == (code, 409, in_use)
    same = {**config, **listed(OriginSslProtocols=["TLSv1.2", "TLSv1.2"])}
    kept = control.update_vpc_origin(Id=made, IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=same)
    assert (status_of(kept), kept["ETag"], kept["VpcOrigin"]["Status"]) == (202, SECOND_ETAG, "Deployed")


def test_an_account_has_25_in_the_order_of_their_ids(control):
    make = lambda: control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())["VpcOrigin"]["Id"]
    ids = sorted(make() for _ in range(25))
    with pytest.raises(control.exceptions.EntityLimitExceeded) as failure:
        control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())
    assert error_of(failure)[1] == 400
    listed, marker = [], ""
    while marker is not None:
        page = control.list_vpc_origins(MaxItems="10", Marker=marker)["VpcOriginList"]
        listed += [row["Id"] for row in page["Items"]]
        marker = page.get("NextMarker")
    assert listed == ids
    assert set(page) == {"MaxItems", "Quantity", "Items"}


@pytest.mark.parametrize(("given", "shown"), [("0", 0), ("+5", 5), ("101", 100), ("1000", 100), ("", 100)])
def test_a_page_has_at_most_a_hundred(control, given, shown):
    page = control.list_vpc_origins(MaxItems=given)["VpcOriginList"]
    assert page == {"MaxItems": shown, "Quantity": 0, "Items": []}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"MaxItems": "abc", "Marker": UNKNOWN}, (
            "InvalidArgument", 400, "MaxItems must be a non-zero positive integer.")),
        ({"MaxItems": "-1"}, ("InvalidArgument", 400, "MaxItems must be a non-zero positive integer.")),
        ({"MaxItems": " 5"}, ("InvalidArgument", 400, "MaxItems must be a non-zero positive integer.")),
        ({"Marker": UNKNOWN}, ("EntityNotFound", 404, "The request contains an invalid marker.")),
    ],
)
def test_a_page_that_cannot_be(control, asked, expected):
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.list_vpc_origins(**asked)
    assert error_of(failure) == expected


def test_the_aws_cli_makes_and_deletes_a_vpc_origin(empty_server):
    made = aws(empty_server, "create-vpc-origin", "--vpc-origin-endpoint-config", json.dumps(endpoint(Name="cli")))
    identity = made["VpcOrigin"]["Id"]
    assert aws(empty_server, "get-vpc-origin", "--id", identity)["VpcOrigin"]["Status"] == "Deployed"
    etag = aws(empty_server, "get-vpc-origin", "--id", identity)["ETag"]
    aws(empty_server, "delete-vpc-origin", "--id", identity, "--if-match", etag)
    assert "EntityNotFound" in aws(empty_server, "get-vpc-origin", "--id", identity, fails=True)
