"""`keyfront cfn` with stacks as people write them in CDK: each is deployed, found unchanged, and deleted."""

import re

import pytest

from cfn import ASSEMBLIES, Cfn, actions
from clients import client
from conftest import running
from test_cfn import everything

SHAPES = ASSEMBLIES / "shapes"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"

# What the resources of other services would give: the first of these whose pattern is found in what is asked for.
VALUES = [
    (r"RegionalDomainName$", "files.s3.us-east-1.amazonaws.com"),
    (r"DNSName$", "lb.us-east-1.elb.amazonaws.com"),
    (r"FunctionUrl$", "https://abc.lambda-url.us-east-1.on.aws/"),
    (r"Role\w+\.Arn$", "arn:aws:iam::000000000000:role/log"),
    (r"Stream\w+\.Arn$", "arn:aws:kinesis:us-east-1:000000000000:stream/viewers"),
    (r"Version", "arn:aws:lambda:us-east-1:000000000000:function:edge:1"),
    (r"^RestDeploymentStage", "prod"),
    (r"^Rest", "abc123"),
    (r"^Internal", "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/lb/1"),
]


class Deployed:
    """A stack of a shape, at a server of its own."""

    def __init__(self, cfn, control, name):
        self.control = control
        template = SHAPES / f"{name}.template.json"
        self.given = ["--stack-name", name, *values(cfn, template)]
        answer = cfn.deploy(template, *self.given)
        assert set(actions(answer).values()) == {"Create"}
        assert answer["Stack"]["StackStatus"] == "CREATE_COMPLETE"
        assert cfn.deploy(template, *self.given)["Changes"] == []
        self.skipped = {each["ResourceType"] for each in answer["Skipped"]}
        self.outputs = answer["Stack"]["Outputs"]
        self.ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in answer["Stack"]["Resources"]}

    def config(self):
        """The configuration of the one distribution."""
        [summary] = self.control.list_distributions()["DistributionList"]["Items"]
        return self.control.get_distribution_config(Id=summary["Id"])["DistributionConfig"]


def values(cfn, template):
    """The options that give what the refusals of the template ask for."""
    given = []
    while True:
        answer = cfn.run("deploy", template, "--dry-run", *given)
        asked = sorted(set(re.findall(r"--output-value ([\w.]+)=VALUE", answer.err)))
        if not asked:
            return given
        assert len(given) < 20, answer.err
        given += [word for name in asked for word in ("--output-value", f"{name}={value(name)}")]


def value(name):
    """What a resource of another service would give."""
    return next(given for pattern, given in VALUES if re.search(pattern, name))


@pytest.fixture
def bundles(tmp_path):
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "ca.pem").write_text(CERTIFICATE * 2)
    return folder


@pytest.fixture
def deploy(tmp_path, bundles):
    """Deploys shapes. At the end all are deleted, and nothing is left."""
    with running(tmp_path, "--bucket", f"certificates={bundles}") as server:
        cfn, control = Cfn(server.endpoint, folder=tmp_path), client(server, "cloudfront")
        names = []

        def deployed(name):
            names.append(name)
            return Deployed(cfn, control, name)

        yield deployed
        for name in reversed(names):
            cfn.ok("delete", name, "--yes")
        assert everything(control) == []
        assert control.list_trust_stores()["TrustStoreList"] == []
        assert control.list_streaming_distributions()["StreamingDistributionList"]["Quantity"] == 0


def origins(config):
    return {origin["Id"]: origin for origin in config["Origins"]["Items"]}


def test_a_website_in_a_bucket_behind_an_access_control(deploy):
    stack = deploy("Website")
    config = stack.config()
    assert stack.skipped == {"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::Route53::RecordSet"}
    assert config["Aliases"]["Items"] == ["www.example.com"] and config["DefaultRootObject"] == "index.html"
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    [origin] = config["Origins"]["Items"]
    assert origin["DomainName"] == value("Files.RegionalDomainName")
    assert origin["OriginAccessControlId"] in stack.ids.values()
    assert stack.outputs["Url"].startswith("https://") and stack.outputs["Id"] in stack.ids.values()


def test_a_single_page_app_answers_its_page_for_what_is_missing(deploy):
    stack = deploy("SinglePageApp")
    config = stack.config()
    pages = {
        (page["ErrorCode"], page["ResponseCode"], page["ResponsePagePath"], page["ErrorCachingMinTTL"])
        for page in config["CustomErrorResponses"]["Items"]
    }
    assert pages == {(403, "200", "/index.html", 0), (404, "200", "/index.html", 0)}
    identities = {origin["S3OriginConfig"]["OriginAccessIdentity"] for origin in config["Origins"]["Items"]}
    assert any(each.startswith("origin-access-identity/cloudfront/E") for each in identities)


def test_functions_with_a_store_that_is_empty(deploy):
    stack = deploy("FunctionsWithStore")
    behavior = stack.config()["DefaultCacheBehavior"]
    kinds = {item["EventType"] for item in behavior["FunctionAssociations"]["Items"]}
    assert kinds == {"viewer-request", "viewer-response"}
    functions = stack.control.list_functions(Stage="LIVE")["FunctionList"]["Items"]
    associated = [each["FunctionConfig"].get("KeyValueStoreAssociations", {}).get("Quantity", 0) for each in functions]
    assert sorted(associated) == [0, 1] and stack.outputs["Store"].endswith(stack.outputs["StoreId"])


def test_content_for_signed_urls_alone(deploy):
    stack = deploy("SignedContent")
    [behavior] = stack.config()["CacheBehaviors"]["Items"]
    assert behavior["TrustedKeyGroups"]["Items"] == [stack.outputs["GroupId"]]
    group = stack.control.get_key_group(Id=stack.outputs["GroupId"])["KeyGroup"]["KeyGroupConfig"]
    assert group["Items"] == [stack.outputs["KeyId"]]


def test_policies_with_everything_that_they_have(deploy):
    stack = deploy("Policies")
    behavior = stack.config()["DefaultCacheBehavior"]
    assert behavior["AllowedMethods"]["Quantity"] == 7
    assert behavior["AllowedMethods"]["CachedMethods"]["Quantity"] == 3
    shown = stack.control.get_response_headers_policy(Id=behavior["ResponseHeadersPolicyId"])
    headers = shown["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    assert headers["SecurityHeadersConfig"]["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 86400
    assert headers["RemoveHeadersConfig"]["Items"] == [{"Header": "server"}]
    assert headers["ServerTimingHeadersConfig"] == {"Enabled": True, "SamplingRate": 50}
    forwarding = stack.control.get_origin_request_policy(Id=behavior["OriginRequestPolicyId"])
    headers = forwarding["OriginRequestPolicy"]["OriginRequestPolicyConfig"]["HeadersConfig"]
    assert headers["HeaderBehavior"] == "allViewerAndWhitelistCloudFront"


def test_an_api_of_functions(deploy):
    stack = deploy("Api")
    config = stack.config()
    domains = {origin["DomainName"] for origin in config["Origins"]["Items"]}
    assert domains == {"abc.lambda-url.us-east-1.on.aws", "abc123.execute-api.us-east-1.amazonaws.com"}
    controls = stack.control.list_origin_access_controls()["OriginAccessControlList"]["Items"]
    assert [control["OriginAccessControlOriginType"] for control in controls] == ["lambda"]
    assert config["CacheBehaviors"]["Items"][0]["PathPattern"] == "/api/*"


def test_failover_between_buckets(deploy):
    config = deploy("Failover").config()
    [group] = config["OriginGroups"]["Items"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 500, 502, 503, 504]
    assert [member["OriginId"] for member in group["Members"]["Items"]] == list(origins(config))
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]


def test_logs_metrics_and_restrictions(deploy):
    stack = deploy("Observed")
    config = stack.config()
    logging = config["Logging"]
    assert logging["Enabled"] and logging["IncludeCookies"] and logging["Prefix"] == "site/"
    assert config["Restrictions"]["GeoRestriction"]["Items"] == ["DE", "FR"]
    assert (config["PriceClass"], config["HttpVersion"], config["IsIPV6Enabled"]) == (
        "PriceClass_100", "http2and3", False)
    [summary] = stack.control.list_distributions()["DistributionList"]["Items"]
    subscription = stack.control.get_monitoring_subscription(DistributionId=summary["Id"])["MonitoringSubscription"]
    metrics = subscription["RealtimeMetricsSubscriptionConfig"]["RealtimeMetricsSubscriptionStatus"]
    assert metrics == "Enabled"


def test_load_balancers_in_public_and_in_a_vpc(deploy):
    stack = deploy("LoadBalancers")
    by_shield = {bool(origin["OriginShield"]["Enabled"]): origin for origin in stack.config()["Origins"]["Items"]}
    public, internal = by_shield[True], by_shield[False]
    assert public["CustomHeaders"]["Items"] == [{"HeaderName": "x-origin-verify", "HeaderValue": "secret"}]
    assert (public["ConnectionAttempts"], public["ConnectionTimeout"]) == (2, 5)
    assert internal["VpcOriginConfig"]["VpcOriginId"] in stack.ids.values()


def test_lambda_at_the_edge(deploy):
    [association] = deploy("LambdaAtEdge").config()["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"]
    assert (association["EventType"], association["IncludeBody"]) == ("origin-request", True)


def test_the_construct_of_the_first_version(deploy):
    config = deploy("WebDistribution").config()
    [behavior] = config["CacheBehaviors"]["Items"]
    assert behavior["ForwardedValues"]["Headers"]["Items"] == ["Authorization"]
    assert config["DefaultCacheBehavior"]["DefaultTTL"] == 3600


def test_a_stack_takes_what_another_exports(deploy):
    shared, consumer = deploy("Shared"), deploy("Consumer")
    behavior = consumer.config()["DefaultCacheBehavior"]
    assert behavior["CachePolicyId"] in shared.ids.values()
    assert behavior["FunctionAssociations"]["Items"][0]["FunctionARN"] in shared.ids.values()


def test_a_trust_store(deploy):
    stack = deploy("Trust")
    [store] = stack.control.list_trust_stores()["TrustStoreList"]
    assert (store["Name"], store["NumberOfCaCertificates"], store["Arn"]) == ("roots", 2, stack.outputs["Arn"])
    tags = stack.control.list_tags_for_resource(Resource=store["Arn"])["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "web"}]
    assert stack.outputs["Status"] == "active"


def test_a_streaming_distribution(deploy):
    stack = deploy("Streaming")
    [shown] = stack.control.list_streaming_distributions()["StreamingDistributionList"]["Items"]
    assert shown["DomainName"] == stack.outputs["Domain"] and shown["Aliases"]["Items"] == ["media.example.com"]
    tags = stack.control.list_tags_for_resource(Resource=shown["ARN"])["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "video"}]
