"""What distributions cannot be, through boto3: each refusal by its typed exception, with status and text."""

import copy

import pytest

import functions
from clients import error_of, status_of, unique_name
from distribution_refusals import MODEL, REFUSED, check, default, invalid, required
from distributions import (
    ABSENT, LAMBDA, NOWHERE, WEB_ACL, behavior, bucket_origin, changed, configuration, counted, forwarding, id_of,
    new_distribution, server_origin, with_aliases,
)
from keys import NO_IF_MATCH, PRECONDITION

TAKEN = "One or more of the CNAMEs you provided are already associated with a different resource."

# Which changes of a read configuration an update refuses, in the order in which they are noticed: each is refused with
# all that follow it.
PARTIAL = {
    "Aliases": ("IllegalUpdate", "Aliases are missing for the resource"),
    "Origins__1__CustomHeaders": ("IllegalUpdate", "The 'OriginCustomHeaders' field is missing"),
    "DefaultCacheBehavior__SmoothStreaming": ("InvalidArgument", "The parameter SmoothStreaming flag is missing."),
    "Origins__0__CustomOriginConfig__OriginReadTimeout": (
        "IllegalUpdate", "OriginReadTimeout is required for updates"),
    "CacheBehaviors__0__FieldLevelEncryptionId": (
        "InvalidArgument", "The parameter Field level encryption id is required."),
    "DefaultCacheBehavior__ForwardedValues__Headers": (
        "InvalidArgument", "The parameter Header settings is required."),
    "CustomErrorResponses": (
        "IllegalUpdate", "The specified list of custom error responses does not exist or is not valid."),
    "DefaultCacheBehavior__MinTTL": ("InvalidArgument", "The parameter MinTTL is required."),
}
# What else an update demands, each by the same sentence.
DEMANDED = [
    "DefaultRootObject", "CacheBehaviors", "Logging", "PriceClass", "ViewerCertificate", "Restrictions", "WebACLId",
    "HttpVersion", "Origins__0__OriginPath", "Origins__0__CustomOriginConfig__OriginSslProtocols",
    "DefaultCacheBehavior__AllowedMethods", "CacheBehaviors__0__Compress",
    "CacheBehaviors__0__LambdaFunctionAssociations",
]
# What an update may leave out.
FREE = [
    "OriginGroups", "IsIPV6Enabled", "ContinuousDeploymentPolicyId", "Staging", "DefaultCacheBehavior__TrustedSigners",
    "DefaultCacheBehavior__TrustedKeyGroups", "DefaultCacheBehavior__FunctionAssociations",
    "DefaultCacheBehavior__GrpcConfig", "Origins__0__OriginShield", "Origins__0__ConnectionAttempts",
    "Origins__0__ConnectionTimeout", "Origins__0__OriginAccessControlId",
]


@pytest.mark.parametrize("what", REFUSED)
def test_a_create_refuses(control, what):
    more, expected = REFUSED[what]
    with pytest.raises(control.exceptions.ClientError) as failure:
        new_distribution(control, **more)
    check(control, failure, expected)


@pytest.fixture(scope="module")
def held(control):
    """A distribution as an update finds it."""
    name = id_of(new_distribution(
        control, Origins=counted(server_origin(), bucket_origin()), DefaultCacheBehavior=forwarding(),
        CacheBehaviors=counted(behavior(PathPattern="/pages/*", TargetOriginId="pages")),
    ))
    answer = control.get_distribution_config(Id=name)
    return name, answer["ETag"], answer["DistributionConfig"]


# Codes that the model declares for creates alone, and what an update answers in their place.
AT_UPDATE = {
    "SSLv3 by server name": ("InvalidMinimumProtocolVersion", 400, MODEL),
    "a continuous deployment policy at creation": ("NoSuchContinuousDeploymentPolicy", 404, MODEL),
    # What is left out of an update is noticed before anything else.
    "methods that are not one of the three sets": invalid("AllowedMethods"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_update_refuses(control, held, what):
    """The same as a create: the configuration that is refused is completed as a client would have read it."""
    more, expected = REFUSED[what]
    name, etag, config = held
    wrong = completed({**configuration(), "CallerReference": config["CallerReference"], **more}, config)
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.update_distribution(Id=name, IfMatch=etag, DistributionConfig=wrong)
    check(control, failure, AT_UPDATE.get(what, expected))
    assert control.get_distribution_config(Id=name)["ETag"] == etag


def completed(config, read):
    """The configuration with what an update demands, but for what it says itself."""
    whole = {**read, "CacheBehaviors": {"Quantity": 0}, **copy.deepcopy(config)}
    bucket, server = read["Origins"]["Items"][1], read["Origins"]["Items"][0]
    for origin in whole["Origins"]["Items"]:
        origin.setdefault("OriginPath", "")
        origin.setdefault("CustomHeaders", {"Quantity": 0})
        if "CustomOriginConfig" in origin:
            origin["CustomOriginConfig"] = {**server["CustomOriginConfig"], **origin["CustomOriginConfig"]}
        elif "S3OriginConfig" in origin:
            origin["S3OriginConfig"] = {**bucket["S3OriginConfig"], **origin["S3OriginConfig"]}
    demanded = ("AllowedMethods", "SmoothStreaming", "Compress", "LambdaFunctionAssociations", "FieldLevelEncryptionId")
    for each in [whole["DefaultCacheBehavior"], *whole["CacheBehaviors"].get("Items", [])]:
        for member in demanded:
            each.setdefault(member, read["DefaultCacheBehavior"][member])
        if "ForwardedValues" in each:
            each["ForwardedValues"].setdefault("Headers", {"Quantity": 0})
    return whole


def test_an_update_names_the_first_of_what_is_missing(control, held):
    name, etag, config = held
    missing = list(PARTIAL)
    for number, first in enumerate(missing):
        left = [path for path in missing[number:]]
        # The innermost last, or what is around it is gone already.
        wrong = changed(config, **{path: ABSENT for path in left})
        with pytest.raises(control.exceptions.ClientError) as failure:
            control.update_distribution(Id=name, IfMatch=etag, DistributionConfig=wrong)
        code, text = PARTIAL[first]
        check(control, failure, (code, 400, text))


@pytest.mark.parametrize("path", DEMANDED)
def test_an_update_demands(control, held, path):
    name, etag, config = held
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.update_distribution(Id=name, IfMatch=etag, DistributionConfig=changed(config, **{path: ABSENT}))
    check(control, failure, required(path.rpartition("__")[2]))


@pytest.mark.parametrize("path", FREE)
def test_an_update_may_leave_out(control, path):
    created = new_distribution(control)
    config = control.get_distribution_config(Id=id_of(created))["DistributionConfig"]
    updated = control.update_distribution(
        Id=id_of(created), IfMatch=created["ETag"], DistributionConfig=changed(config, **{path: ABSENT})
    )
    assert updated["Distribution"]["DistributionConfig"] == config


def test_what_cannot_change(control, held):
    name, etag, config = held
    for wrong in ({**config, "CallerReference": "another"}, {**config, "Staging": True}):
        with pytest.raises(control.exceptions.IllegalUpdate) as failure:
            control.update_distribution(Id=name, IfMatch=etag, DistributionConfig=wrong)
        assert status_of(failure.value.response) == 400
        if wrong["CallerReference"] == "another":
            assert error_of(failure)[2] == "You cannot update Origin or CallerReference."


def test_a_caller_reference_is_used_once(control):
    config = configuration()
    created = control.create_distribution(DistributionConfig=config)
    for again in (config, {**config, "Comment": "another"}):
        with pytest.raises(control.exceptions.DistributionAlreadyExists) as failure:
            control.create_distribution(DistributionConfig=again)
        text = (
            "The caller reference that you are using to create a distribution is associated with another distribution. "
            f"Already exists: {id_of(created)}"
        )
        assert error_of(failure) == ("DistributionAlreadyExists", 409, text)
    with pytest.raises(control.exceptions.DistributionAlreadyExists):
        control.copy_distribution(
            PrimaryDistributionId=id_of(created), IfMatch=created["ETag"], Staging=True,
            CallerReference=config["CallerReference"],
        )


def test_an_alias_belongs_to_one_distribution(control):
    first = new_distribution(control, **with_aliases("www.taken.example"))
    with pytest.raises(control.exceptions.CNAMEAlreadyExists) as failure:
        new_distribution(control, **with_aliases("www.taken.example"))
    assert error_of(failure) == ("CNAMEAlreadyExists", 409, TAKEN)
    second = new_distribution(control, **with_aliases("*.taken.example"))
    held = control.get_distribution_config(Id=id_of(second))
    with pytest.raises(control.exceptions.CNAMEAlreadyExists) as failure:
        config = {**held["DistributionConfig"], "Aliases": counted("www.taken.example")}
        control.update_distribution(Id=id_of(second), IfMatch=held["ETag"], DistributionConfig=config)
    assert error_of(failure) == ("CNAMEAlreadyExists", 409, TAKEN)
    # It may keep its own.
    held = control.get_distribution_config(Id=id_of(first))
    control.update_distribution(Id=id_of(first), IfMatch=held["ETag"], DistributionConfig=held["DistributionConfig"])


def test_an_origin_access_control_fits_its_origin(control):
    controls = {}
    for kind in ("s3", "lambda"):
        config = {
            "Name": unique_name("access"), "SigningProtocol": "sigv4", "SigningBehavior": "always",
            "OriginAccessControlOriginType": kind,
        }
        answer = control.create_origin_access_control(OriginAccessControlConfig=config)
        controls[kind] = answer["OriginAccessControl"]["Id"]
    differ = "Illegal configuration: The origin type and OAC origin type differ."
    for origin in (
        bucket_origin("site", OriginAccessControlId=controls["lambda"]),
        server_origin(OriginAccessControlId=controls["s3"]),
    ):
        with pytest.raises(control.exceptions.InvalidArgument) as failure:
            new_distribution(control, Origins=counted(origin))
        assert error_of(failure) == ("InvalidArgument", 400, differ)
    with pytest.raises(control.exceptions.InvalidDomainNameForOriginAccessControl):
        new_distribution(control, Origins=counted(server_origin(OriginAccessControlId=controls["lambda"])))
    url = server_origin(DomainName="abc.lambda-url.us-east-1.on.aws", OriginAccessControlId=controls["lambda"])
    new_distribution(control, Origins=counted(url))


def test_functions_are_live_and_not_beside_lambda(control):
    created = functions.new_function(control)
    arn = created["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    association = {"FunctionARN": arn, "EventType": "viewer-request"}
    with pytest.raises(control.exceptions.InvalidFunctionAssociation) as failure:
        new_distribution(control, **default(FunctionAssociations=counted(association)))
    check(control, failure, ("InvalidFunctionAssociation", 400, "The parameter FunctionAssociationArn is invalid"))
    control.publish_function(Name=functions.name_of(created), IfMatch=created["ETag"])
    with pytest.raises(control.exceptions.InvalidFunctionAssociation) as failure:
        new_distribution(control, **default(FunctionAssociations=counted(association, association)))
    beside = counted({"LambdaFunctionARN": f"{LAMBDA}:1", "EventType": "viewer-response"})
    with pytest.raises(control.exceptions.InvalidFunctionAssociation) as failure:
        new_distribution(
            control, **default(FunctionAssociations=counted(association), LambdaFunctionAssociations=beside)
        )
    new_distribution(control, **default(FunctionAssociations=counted(association)))


def test_etags_and_ids_are_looked_at_first(control, held):
    name, etag, config = held
    missing = changed(config, Aliases=ABSENT)
    for attempt, expected in [
        (lambda: control.update_distribution(Id="E1", IfMatch=etag, DistributionConfig=missing),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.update_distribution(Id="E1", DistributionConfig=missing),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.update_distribution(Id=name, DistributionConfig=missing),
         ("InvalidIfMatchVersion", 400, NO_IF_MATCH)),
        (lambda: control.update_distribution(Id=name, IfMatch="E1", DistributionConfig=missing),
         ("PreconditionFailed", 412, PRECONDITION)),
        (lambda: control.delete_distribution(Id="E1", IfMatch="E1"),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.delete_distribution(Id="E1"),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.delete_distribution(Id=name), ("InvalidIfMatchVersion", 400, NO_IF_MATCH)),
        (lambda: control.delete_distribution(Id=name, IfMatch="E1"), ("PreconditionFailed", 412, PRECONDITION)),
        (lambda: control.get_distribution_config(Id="E1"),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.associate_distribution_web_acl(Id="E1", WebACLArn=WEB_ACL, IfMatch="E1"),
         ("EntityNotFound", 404, MODEL)),
        (lambda: control.associate_distribution_web_acl(Id=name, WebACLArn=WEB_ACL, IfMatch="E1"),
         ("PreconditionFailed", 412, PRECONDITION)),
        (lambda: control.associate_distribution_web_acl(Id=name, WebACLArn=WEB_ACL),
         ("InvalidIfMatchVersion", 400, NO_IF_MATCH)),
        (lambda: control.associate_distribution_web_acl(Id=name, WebACLArn="arn:aws:acm:x", IfMatch=etag),
         ("InvalidArgument", 400, None)),
        (lambda: control.disassociate_distribution_web_acl(Id="E1", IfMatch="E1"), ("EntityNotFound", 404, MODEL)),
        (lambda: control.disassociate_distribution_web_acl(Id=name, IfMatch="E1"),
         ("PreconditionFailed", 412, PRECONDITION)),
        (lambda: control.copy_distribution(PrimaryDistributionId="E1", CallerReference="r", IfMatch="E1", Staging=True),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.copy_distribution(PrimaryDistributionId=name, CallerReference="r", IfMatch="E1", Staging=True),
         ("PreconditionFailed", 412, PRECONDITION)),
        (lambda: control.copy_distribution(PrimaryDistributionId=name, CallerReference="r", Staging=True),
         ("InvalidIfMatchVersion", 400, NO_IF_MATCH)),
        (lambda: control.associate_alias(TargetDistributionId="E1", Alias="a.example.com"),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.associate_alias(TargetDistributionId=name, Alias="a.example.com"),
         ("InvalidArgument", 400, None)),
        (lambda: control.list_conflicting_aliases(DistributionId="E1", Alias="a.example.com"),
         ("NoSuchDistribution", 404, "The specified distribution does not exist.")),
        (lambda: control.list_distributions_by_key_group(KeyGroupId=NOWHERE), ("NoSuchResource", 404, MODEL)),
        (lambda: control.list_distributions(MaxItems="0"), ("InvalidArgument", 400, None)),
        (lambda: control.list_distributions(MaxItems="many"), ("InvalidArgument", 400, None)),
    ]:
        with pytest.raises(control.exceptions.ClientError) as failure:
            attempt()
        check(control, failure, expected)


def test_tags_are_looked_at_before_a_distribution_is_made(control):
    before = control.list_distributions()["DistributionList"]["Quantity"]
    tags = {"Items": [{"Key": "aws:own", "Value": ""}]}
    with pytest.raises(control.exceptions.InvalidTagging) as failure:
        control.create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": configuration(), "Tags": tags}
        )
    assert status_of(failure.value.response) == 400
    assert control.list_distributions()["DistributionList"]["Quantity"] == before
