"""VPC origins through boto3 and the AWS CLI."""

import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import BASE, FIRST_ETAG, PRECONDITION, SECOND_ETAG, all_items, aws, listed
from server import ACCOUNT

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
    shown = control.get_vpc_origin(Id=origin["Id"])
    assert (shown["VpcOrigin"], shown["ETag"]) == ({**origin, "Status": "Deployed"}, FIRST_ETAG)
    assert control.list_tags_for_resource(Resource=origin["Arn"])["Tags"]["Items"] == [{"Key": "team", "Value": "web"}]
    row, = control.list_vpc_origins()["VpcOriginList"]["Items"]
    assert (row["Id"], row["Name"], row["OriginEndpointArn"]) == (origin["Id"], config["Name"], BALANCER)
    assert (row["Status"], row["Arn"], row["AccountId"]) == ("Deployed", origin["Arn"], ACCOUNT)
    by_origin = control.list_distributions_by_vpc_origin_id(VpcOriginId=origin["Id"])["DistributionIdList"]
    assert (by_origin["Quantity"], "Items" in by_origin) == (0, False)

    changed = endpoint(HTTPPort=8080, OriginProtocolPolicy="match-viewer")
    with pytest.raises(control.exceptions.PreconditionFailed) as failure:
        control.update_vpc_origin(Id=origin["Id"], IfMatch="stale", VpcOriginEndpointConfig=changed)
    assert error_of(failure)[1:] == (412, PRECONDITION)
    updated = control.update_vpc_origin(Id=origin["Id"], IfMatch=FIRST_ETAG, VpcOriginEndpointConfig=changed)
    assert (status_of(updated), updated["ETag"], updated["VpcOrigin"]["Status"]) == (202, SECOND_ETAG, "Deploying")
    assert updated["VpcOrigin"]["VpcOriginEndpointConfig"] == changed
    deleted = control.delete_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG)
    assert (status_of(deleted), deleted["VpcOrigin"]["Id"]) == (202, origin["Id"])
    for call in [
        lambda: control.get_vpc_origin(Id=origin["Id"]),
        lambda: control.update_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG, VpcOriginEndpointConfig=changed),
        lambda: control.delete_vpc_origin(Id=origin["Id"], IfMatch=SECOND_ETAG),
        lambda: control.list_distributions_by_vpc_origin_id(VpcOriginId=origin["Id"]),
    ]:
        with pytest.raises(control.exceptions.EntityNotFound) as failure:
            call()
        assert error_of(failure)[1:] == (404, "The entity was not found.")


def test_what_is_no_vpc_origin(control):
    config = endpoint()
    control.create_vpc_origin(VpcOriginEndpointConfig=config)
    with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
        control.create_vpc_origin(VpcOriginEndpointConfig=config)
    assert error_of(failure)[1] == 409
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(Name="n" * 65))
    assert error_of(failure)[2] == "The parameter VPC Origin Name is too big."
    for wrong in [{"Arn": "arn:aws:s3:::bucket"}, {"HTTPPort": 22}, {"HTTPSPort": 65536}]:
        with pytest.raises(control.exceptions.InvalidArgument):
            control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(**wrong))
    with pytest.raises(control.exceptions.InconsistentQuantities):
        protocols = {"Quantity": 2, "Items": ["TLSv1.2"]}
        control.create_vpc_origin(VpcOriginEndpointConfig=endpoint(OriginSslProtocols=protocols))


def test_an_account_has_25_in_the_order_of_their_creation(control):
    ids = []
    for _ in range(25):
        ids.append(control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())["VpcOrigin"]["Id"])
        next_millisecond()
    with pytest.raises(control.exceptions.EntityLimitExceeded) as failure:
        control.create_vpc_origin(VpcOriginEndpointConfig=endpoint())
    assert error_of(failure)[1] == 400
    assert [row["Id"] for row in all_items(control.list_vpc_origins, "VpcOriginList", MaxItems="10")] == ids


def test_the_aws_cli_makes_and_deletes_a_vpc_origin(empty_server):
    made = aws(empty_server, "create-vpc-origin", "--vpc-origin-endpoint-config", json.dumps(endpoint(Name="cli")))
    identity = made["VpcOrigin"]["Id"]
    assert aws(empty_server, "get-vpc-origin", "--id", identity)["VpcOrigin"]["Status"] == "Deployed"
    aws(empty_server, "delete-vpc-origin", "--id", identity, "--if-match", made["ETag"])
    assert "EntityNotFound" in aws(empty_server, "get-vpc-origin", "--id", identity, fails=True)
