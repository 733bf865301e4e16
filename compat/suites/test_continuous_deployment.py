"""Continuous deployment through boto3: copies, policies, and what they hold; and what distributions that use VPC origins,
real-time logs, identities and policies are listed by."""

import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from distributions import ETAGS, behavior, changed, configuration, counted, id_of, new_distribution, read, remove
from keys import BASE, PRECONDITION, all_items
from server import ACCOUNT

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WEIGHT = {
    "Type": "SingleWeight",
    "SingleWeightConfig": {"Weight": 0.15, "SessionStickinessConfig": {"IdleTTL": 300, "MaximumTTL": 600}},
}
HEADER = {"Type": "SingleHeader", "SingleHeaderConfig": {"Header": "aws-cf-cd-test", "Value": "yes"}}
IN_USE = "A continuous deployment policy for this staging distribution already exists."


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def staging_of(control, primary, **more):
    """A staging distribution that is a copy of a primary one."""
    etag = control.get_distribution(Id=primary)["ETag"]
    return control.copy_distribution(
        PrimaryDistributionId=primary, IfMatch=etag, Staging=True, CallerReference=unique_name("copy"), **more
    )["Distribution"]


def policy(domain_name, **changes):
    config = {"StagingDistributionDnsNames": counted(domain_name), "Enabled": True, "TrafficConfig": WEIGHT}
    return {**config, **changes}


def create(control, *arguments, **changes):
    return control.create_continuous_deployment_policy(
        ContinuousDeploymentPolicyConfig=policy(*arguments, **changes)
    )


def edit(control, identity, **changes):
    """Changes a distribution by what it is now."""
    held = control.get_distribution_config(Id=identity)
    config = changed(held["DistributionConfig"], **changes)
    return control.update_distribution(Id=identity, IfMatch=held["ETag"], DistributionConfig=config)


def test_a_policy_is_made_shown_changed_and_deleted(control):
    primary = id_of(new_distribution(control))
    first, second = (staging_of(control, primary) for _ in range(2))
    created = create(control, first["DomainName"])
    made = created["ContinuousDeploymentPolicy"]
    assert (status_of(created), created["ETag"]) == (201, ETAGS[0])
    assert re.fullmatch(UUID, made["Id"])
    assert created["Location"] == f"{BASE}/continuous-deployment-policy/{made['Id']}"
    assert made["ContinuousDeploymentPolicyConfig"] == policy(first["DomainName"])
    shown = control.get_continuous_deployment_policy(Id=made["Id"])
    assert (shown["ContinuousDeploymentPolicy"], shown["ETag"]) == (made, ETAGS[0])
    alone = control.get_continuous_deployment_policy_config(Id=made["Id"])
    assert alone["ContinuousDeploymentPolicyConfig"] == policy(first["DomainName"])
    rows = control.list_continuous_deployment_policies()["ContinuousDeploymentPolicyList"]["Items"]
    assert rows == [{"ContinuousDeploymentPolicy": made}]
    # The staging distribution shows who names it.
    def shown_by(staging):
        return read(control, staging["Id"])["DistributionConfig"]["ContinuousDeploymentPolicyId"]

    assert (shown_by(first), shown_by(second)) == (made["Id"], "")

    other = {"Id": made["Id"], "ContinuousDeploymentPolicyConfig": policy(second["DomainName"], TrafficConfig=HEADER)}
    with pytest.raises(control.exceptions.PreconditionFailed) as failure:
        control.update_continuous_deployment_policy(**other, IfMatch=ETAGS[1])
    assert error_of(failure)[1:] == (412, PRECONDITION)
    with pytest.raises(control.exceptions.InvalidIfMatchVersion):
        control.update_continuous_deployment_policy(**other)
    updated = control.update_continuous_deployment_policy(**other, IfMatch=ETAGS[0])
    assert updated["ETag"] == ETAGS[1]
    assert updated["ContinuousDeploymentPolicy"]["ContinuousDeploymentPolicyConfig"]["TrafficConfig"] == HEADER
    assert (shown_by(first), shown_by(second)) == ("", made["Id"])
    assert status_of(control.delete_continuous_deployment_policy(Id=made["Id"], IfMatch=ETAGS[1])) == 204
    assert shown_by(second) == ""
    for call in [control.get_continuous_deployment_policy, control.get_continuous_deployment_policy_config]:
        with pytest.raises(control.exceptions.NoSuchContinuousDeploymentPolicy) as failure:
            call(Id=made["Id"])
        assert error_of(failure)[1] == 404


def test_what_is_no_policy(control):
    primary = new_distribution(control)["Distribution"]
    staging = staging_of(control, primary["Id"])
    create(control, staging["DomainName"])
    with pytest.raises(control.exceptions.StagingDistributionInUse) as failure:
        create(control, staging["DomainName"])
    assert error_of(failure) == ("StagingDistributionInUse", 409, IN_USE)
    for name in [primary["DomainName"], "d1.cloudfront.net", "example.com"]:
        with pytest.raises(control.exceptions.InvalidArgument) as failure:
            create(control, name)
        assert error_of(failure)[2] == "The parameter StagingDistributionDnsNames is invalid."
    other = staging_of(control, primary["Id"])["DomainName"]
    for traffic in [
        {"Type": "SingleWeight"},
        {"Type": "SingleWeight", "SingleWeightConfig": {"Weight": 0.16}},
        {"Type": "SingleHeader", "SingleHeaderConfig": {"Header": "x-test", "Value": "yes"}},
        {**WEIGHT, **HEADER},
    ]:
        with pytest.raises(control.exceptions.InvalidArgument):
            create(control, other, TrafficConfig=traffic)
    with pytest.raises(control.exceptions.InconsistentQuantities):
        create(control, other, StagingDistributionDnsNames={"Quantity": 2, "Items": [other]})


def test_an_account_has_twenty_policies_in_the_order_of_their_creation(control):
    primary = id_of(new_distribution(control))
    ids = []
    for _ in range(20):
        staging = staging_of(control, primary)
        ids.append(create(control, staging["DomainName"])["ContinuousDeploymentPolicy"]["Id"])
        next_millisecond()
    control.delete_continuous_deployment_policy(Id=ids.pop(), IfMatch=ETAGS[0])
    ids.append(create(control, staging["DomainName"])["ContinuousDeploymentPolicy"]["Id"])
    page = "ContinuousDeploymentPolicyList"
    rows = all_items(control.list_continuous_deployment_policies, page, MaxItems="7")
    assert [row["ContinuousDeploymentPolicy"]["Id"] for row in rows] == ids


def test_a_primary_distribution_holds_its_policy(control):
    primary = id_of(new_distribution(control))
    staging = staging_of(control, primary)
    made = create(control, staging["DomainName"])["ContinuousDeploymentPolicy"]["Id"]
    edit(control, primary, ContinuousDeploymentPolicyId=made)
    assert read(control, primary)["DistributionConfig"]["ContinuousDeploymentPolicyId"] == made
    with pytest.raises(control.exceptions.ContinuousDeploymentPolicyInUse) as failure:
        control.delete_continuous_deployment_policy(Id=made, IfMatch=ETAGS[0])
    text = "You cannot delete a continuous deployment policy that is associated with a primary distribution."
    assert error_of(failure) == ("ContinuousDeploymentPolicyInUse", 409, text)
    edit(control, primary, ContinuousDeploymentPolicyId="")
    control.delete_continuous_deployment_policy(Id=made, IfMatch=ETAGS[0])
    remove(control, staging["Id"])
    remove(control, primary)


def test_a_staging_distribution_that_a_policy_names_is_kept(control):
    primary = id_of(new_distribution(control))
    enabled, disabled = (staging_of(control, primary, Enabled=state) for state in (True, False))
    policies = [create(control, staging["DomainName"]) for staging in (enabled, disabled)]
    text = (
        "The specified staging distribution is currently used by a continuous deployment policy. Please the update "
        "policy before deleting."
    )
    for refused in [
        lambda: edit(control, enabled["Id"], Enabled=False),
        lambda: control.delete_distribution(Id=disabled["Id"], IfMatch=ETAGS[1]),
    ]:
        with pytest.raises(control.exceptions.StagingDistributionInUse) as failure:
            refused()
        assert error_of(failure) == ("StagingDistributionInUse", 409, text)
    for made in policies:
        identity = made["ContinuousDeploymentPolicy"]["Id"]
        control.delete_continuous_deployment_policy(Id=identity, IfMatch=ETAGS[0])
    for staging in (enabled, disabled):
        remove(control, staging["Id"])


def test_what_a_distribution_uses_lists_it_and_is_kept(control):
    forwarding = control.create_origin_request_policy(OriginRequestPolicyConfig={
        "Name": "forwarding", "HeadersConfig": {"HeaderBehavior": "none"}, "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    })["OriginRequestPolicy"]["Id"]
    headers = control.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": "headers"})
    headers = headers["ResponseHeadersPolicy"]["Id"]
    identity = control.create_cloud_front_origin_access_identity(
        CloudFrontOriginAccessIdentityConfig={"CallerReference": "r", "Comment": ""}
    )["CloudFrontOriginAccessIdentity"]["Id"]
    logs = control.create_realtime_log_config(
        Name="logs", SamplingRate=1, Fields=["timestamp"], EndPoints=[{
            "StreamType": "Kinesis",
            "KinesisStreamConfig": {
                "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/logs",
                "StreamARN": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/logs",
            },
        }],
    )["RealtimeLogConfig"]["ARN"]
    vpc_origin = control.create_vpc_origin(VpcOriginEndpointConfig={
        "Name": "web", "Arn": f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/app/web/1",
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
    })["VpcOrigin"]["Id"]
    private = {
        "Id": "private", "DomainName": "internal.example.com",
        "VpcOriginConfig": {"VpcOriginId": vpc_origin, "OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5},
    }
    bucket = {
        "Id": "bucket", "DomainName": "pages.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": f"origin-access-identity/cloudfront/{identity}"},
    }
    config = configuration(
        Origins=counted(private, bucket),
        DefaultCacheBehavior=behavior(
            "private", OriginRequestPolicyId=forwarding, ResponseHeadersPolicyId=headers, RealtimeLogConfigArn=logs
        ),
    )
    distribution = id_of(control.create_distribution(DistributionConfig=config))
    for listed in [
        control.list_distributions_by_origin_request_policy_id(OriginRequestPolicyId=forwarding),
        control.list_distributions_by_response_headers_policy_id(ResponseHeadersPolicyId=headers),
        control.list_distributions_by_vpc_origin_id(VpcOriginId=vpc_origin),
    ]:
        assert listed["DistributionIdList"]["Items"] == [distribution]
    for named in [{"RealtimeLogConfigName": "logs"}, {"RealtimeLogConfigArn": logs}]:
        rows = control.list_distributions_by_realtime_log_config(**named)["DistributionList"]["Items"]
        assert [row["Id"] for row in rows] == [distribution]

    held = [
        (lambda: control.delete_origin_request_policy(Id=forwarding, IfMatch=ETAGS[0]), "OriginRequestPolicyInUse"),
        (lambda: control.delete_response_headers_policy(Id=headers, IfMatch=ETAGS[0]), "ResponseHeadersPolicyInUse"),
        (
            lambda: control.delete_cloud_front_origin_access_identity(Id=identity, IfMatch=ETAGS[0]),
            "CloudFrontOriginAccessIdentityInUse",
        ),
        (lambda: control.delete_realtime_log_config(Name="logs"), "RealtimeLogConfigInUse"),
        (lambda: control.delete_vpc_origin(Id=vpc_origin, IfMatch=ETAGS[2]), "CannotDeleteEntityWhileInUse"),
    ]
    for delete, code in held:
        with pytest.raises(getattr(control.exceptions, code)) as failure:
            delete()
        assert error_of(failure)[:2] == (code, 400 if code == "RealtimeLogConfigInUse" else 409)
    remove(control, distribution)
    for delete, _ in held:
        delete()
