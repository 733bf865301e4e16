"""`keyfront cfn` where the answer to a creation is lost: nothing is made twice, and nothing is left behind."""

import pytest

import admin
from cfn import ASSEMBLIES, BUCKET, Cfn, actions, function, key_group
from clients import client
from conftest import running
from test_cfn import CERTIFICATE, everything, names_of_functions

SHAPES = ASSEMBLIES / "shapes"
CREATIONS = [
    "CreateAnycastIpList", "CreateCachePolicy", "CreateCloudFrontOriginAccessIdentity", "CreateConnectionFunction",
    "CreateConnectionGroup", "CreateContinuousDeploymentPolicy", "CreateDistribution", "CreateDistributionWithTags",
    "CreateDistributionTenant", "CreateFieldLevelEncryptionConfig", "CreateFieldLevelEncryptionProfile",
    "CreateFunction", "CreateKeyGroup", "CreateKeyValueStore", "CreateMonitoringSubscription",
    "CreateOriginAccessControl", "CreateOriginRequestPolicy", "CreatePublicKey", "CreateRealtimeLogConfig",
    "CreateResponseHeadersPolicy", "CreateStreamingDistribution", "CreateStreamingDistributionWithTags",
    "CreateTrustStore", "CreateVpcOrigin",
]


@pytest.fixture
def started(tmp_path):
    """A server that reads the bundle of a trust store."""
    bundles = tmp_path / "certificates"
    bundles.mkdir()
    (bundles / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")
    with running(tmp_path, "--bucket", f"certificates={bundles}") as server:
        yield server


@pytest.fixture
def cfn(started, tmp_path):
    return Cfn(started.endpoint, folder=tmp_path)


@pytest.fixture
def cloudfront(started):
    return client(started, "cloudfront")


def test_creations_of_every_type_whose_answer_was_lost_are_found_again(started, cfn, cloudfront, tmp_path):
    types = tmp_path / "types.json"
    text = (ASSEMBLIES / "types-1/TypesStack.template.json").read_text()
    types.write_text(text.replace("CERTIFICATE", CERTIFICATE))
    templates = [
        (types, "types"), (ASSEMBLIES / "site-1", "site", "--output-value", BUCKET),
        (SHAPES / "Trust.template.json", "trust"), (SHAPES / "Streaming.template.json", "streaming"),
    ]
    # The client asks again, and hears that there is one already.
    admin.command(started, "fault", "add", *(f"{name}=drop,count=1" for name in CREATIONS))
    kinds = set()
    for template, name, *given in templates:
        answer = cfn.deploy(template, "--stack-name", name, *given)
        assert set(actions(answer).values()) == {"Create"}
        assert cfn.deploy(template, "--stack-name", name, *given)["Changes"] == []
        kinds |= {resource["ResourceType"] for resource in answer["Stack"]["Resources"]}
    assert len(kinds) == 22
    for _template, name, *_given in templates:
        cfn.ok("delete", name, "--yes")
    assert everything(cloudfront) == []
    assert cloudfront.list_trust_stores()["TrustStoreList"] == []
    assert cloudfront.list_streaming_distributions()["StreamingDistributionList"]["Quantity"] == 0


def test_no_answer_at_all_is_followed_by_a_look(started, cfn, cloudfront):
    admin.command(started, "fault", "add", "CreateKeyGroup=drop,count=100")
    key = cloudfront.create_public_key(PublicKeyConfig={
        "CallerReference": "k", "Name": "k", "EncodedKey": (ASSEMBLIES / "public.pem").read_text()})
    template = cfn.template(Resources={"G": key_group("g", key["PublicKey"]["Id"])})
    assert actions(cfn.deploy(template)) == {"G": "Create"}
    assert cfn.deploy(template)["Changes"] == []


@pytest.fixture
def lost(started, cfn, cloudfront):
    """A template whose distribution was made without that its deploy could find it."""
    site = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {
        "Enabled": True, "Comment": "one",
        "Origins": [{"Id": "o", "DomainName": "origin.example", "CustomOriginConfig": {
            "OriginProtocolPolicy": "https-only"}}],
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all",
                                 "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
    }}}
    admin.command(
        started, "fault", "add", "CreateDistribution=drop,count=100", "ListDistributions=unavailable,count=100")
    said = cfn.fails("deploy", cfn.template(Resources={"Site": site}), "--yes")
    assert "whether it was made is not known" in said and "perhaps" in said
    admin.command(started, "fault", "clear")
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 1
    return site


def test_the_next_deploy_takes_it_and_makes_it_what_it_is_to_be(lost, cfn, cloudfront):
    lost["Properties"]["DistributionConfig"]["Comment"] = "two"
    template = cfn.template(Resources={"Site": lost})
    assert actions(cfn.deploy(template)) == {"Site": "Create"}
    [shown] = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert shown["Comment"] == "two"
    assert cfn.deploy(template)["Changes"] == []


def test_the_next_deploy_deletes_it_where_the_template_does_not_have_it(lost, cfn, cloudfront):
    cfn.deploy(cfn.template(Resources={"F": function("f")}))
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 0
    assert names_of_functions(cloudfront) == {"f"}


def test_the_deletion_of_the_stack_deletes_it(lost, cfn, cloudfront):
    cfn.ok("delete", "stack", "--yes")
    assert everything(cloudfront) == []
