"""`keyfront cfn`: templates that CDK made, and what goes wrong with templates, against a server."""

import json
import signal

import pytest

import admin
from cfn import ASSEMBLIES, BUCKET, Cfn, actions, function, key_group
from clients import client, wait_for
from kvs_command import proxied
from server import PATIENCE

CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/1"


@pytest.fixture
def cfn(empty_server, tmp_path):
    return Cfn(empty_server.endpoint, folder=tmp_path)


@pytest.fixture
def cloudfront(empty_server):
    return client(empty_server, "cloudfront")


def names_of_functions(cloudfront):
    """The names of all functions, whatever their stages."""
    return {each["Name"] for each in cloudfront.list_functions()["FunctionList"].get("Items", [])}


def everything(cloudfront):
    """Ids and names of all that an account made."""
    lists = [
        (cloudfront.list_distributions, "DistributionList"),
        (cloudfront.list_functions, "FunctionList"),
        (cloudfront.list_key_value_stores, "KeyValueStoreList"),
        (cloudfront.list_key_groups, "KeyGroupList"),
        (cloudfront.list_public_keys, "PublicKeyList"),
        (cloudfront.list_origin_access_controls, "OriginAccessControlList"),
        (cloudfront.list_cloud_front_origin_access_identities, "CloudFrontOriginAccessIdentityList"),
        (cloudfront.list_field_level_encryption_configs, "FieldLevelEncryptionList"),
        (cloudfront.list_field_level_encryption_profiles, "FieldLevelEncryptionProfileList"),
        (cloudfront.list_continuous_deployment_policies, "ContinuousDeploymentPolicyList"),
        (cloudfront.list_vpc_origins, "VpcOriginList"),
        (cloudfront.list_anycast_ip_lists, "AnycastIpLists"),
    ]
    found = [item for call, member in lists for item in call()[member].get("Items", [])]
    for call, member in [
        (cloudfront.list_cache_policies, "CachePolicyList"),
        (cloudfront.list_origin_request_policies, "OriginRequestPolicyList"),
        (cloudfront.list_response_headers_policies, "ResponseHeadersPolicyList"),
    ]:
        found += call(Type="custom")[member].get("Items", [])
    found += cloudfront.list_realtime_log_configs()["RealtimeLogConfigs"].get("Items", [])
    found += cloudfront.list_distribution_tenants()["DistributionTenantList"]
    found += cloudfront.list_connection_functions()["ConnectionFunctions"]
    groups = cloudfront.list_connection_groups()["ConnectionGroups"]
    return found + [group for group in groups if not group.get("IsDefault")]


def test_a_site_of_cdk_is_deployed_served_changed_and_deleted(edge, tmp_path):
    cfn = Cfn(edge.server.endpoint, folder=tmp_path)
    control = edge.control
    given = ("--output-value", BUCKET, "--parameter", "Origin=origin.example.com")
    path = edge.origin.serve(b"page")

    assert "give the value with --output-value Files8E6940B8.RegionalDomainName=VALUE" in cfn.fails(
        "deploy", ASSEMBLIES / "site-1", "--yes")
    planned = cfn.json("deploy", ASSEMBLIES / "site-1", *given, "--dry-run", code=3)
    assert set(actions(planned).values()) == {"Create"} and len(planned["Changes"]) == 6
    assert {each["ResourceType"] for each in planned["Skipped"]} == {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}
    assert not (tmp_path / ".keyfront/cfn/site.json").exists()

    deployed = cfn.deploy(ASSEMBLIES / "site-1", *given)
    assert actions(deployed) == actions(planned) and deployed["Stack"]["StackStatus"] == "CREATE_COMPLETE"
    [distribution] = control.list_distributions()["DistributionList"]["Items"]
    assert deployed["Stack"]["Outputs"] == {"DomainName": distribution["DomainName"]}
    tags = control.list_tags_for_resource(Resource=distribution["ARN"])["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "web"}]
    site = edge.served(distribution)
    answer = site.get(path)
    assert (answer.status, answer.body, answer.headers["x-version"]) == (200, b"page", "1")
    assert edge.origin.asked_for(path)[0].headers["x-origin"] == "cdk"
    old = site.get("/old")
    assert (old.status, old.headers["location"], old.headers["x-function"]) == (302, "/new", "1")

    assert cfn.deploy(ASSEMBLIES / "site-1", *given)["Changes"] == []
    changed = cfn.deploy(ASSEMBLIES / "site-2", *given)
    assert set(actions(changed).values()) == {"Update"} and len(changed["Changes"]) == 5
    look = lambda: site.get("/old").headers["location"] == "/newer"
    wait_for(look, "the new redirect is not served", PATIENCE)
    old = site.get("/old")
    assert (old.headers["x-function"], site.get(path).headers["x-version"]) == ("2", "2")
    config = control.get_distribution_config(Id=distribution["Id"])["DistributionConfig"]
    assert (config["Comment"], config["HttpVersion"], config["IsIPV6Enabled"]) == ("version 2", "http2", True)

    assert json.loads(cfn.ok("list", "--output", "json"))[0]["StackStatus"] == "UPDATE_COMPLETE"
    assert distribution["Id"] in cfn.ok("describe", "site")
    assert cfn.ok("delete", "site", "--yes") == "deleted the stack site\n"
    assert everything(control) == [] and cfn.ok("list") == "" and list((tmp_path / ".keyfront/cfn").iterdir()) == []


def test_types_that_a_site_does_not_have_are_made_changed_and_deleted(cfn, cloudfront, tmp_path):
    templates = []
    for version in (1, 2):
        text = (ASSEMBLIES / f"types-{version}/TypesStack.template.json").read_text()
        templates.append(tmp_path / f"types-{version}.json")
        templates[-1].write_text(text.replace("CERTIFICATE", CERTIFICATE))
    first, second = templates
    made = cfn.deploy(first, "--stack-name", "types")
    assert set(actions(made).values()) == {"Create"}
    assert len(made["Changes"]) == len(made["Stack"]["Resources"]) == 16
    assert cfn.deploy(first, "--stack-name", "types")["Changes"] == []

    changed = cfn.deploy(second, "--stack-name", "types")
    assert set(actions(changed).values()) == {"Update"}
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in changed["Stack"]["Resources"]}
    policy = cloudfront.get_origin_request_policy(Id=ids["Forwarding"])["OriginRequestPolicy"]
    assert policy["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]["Items"] == ["x-a", "x-b"]
    assert cloudfront.get_realtime_log_config(ARN=ids["Log"])["RealtimeLogConfig"]["SamplingRate"] == 20
    rollout = cloudfront.get_continuous_deployment_policy(Id=ids["Rollout"])["ContinuousDeploymentPolicy"]
    traffic = rollout["ContinuousDeploymentPolicyConfig"]["TrafficConfig"]
    assert traffic == {"Type": "SingleWeight", "SingleWeightConfig": {"Weight": pytest.approx(0.1)}}
    arn = cloudfront.get_distribution(Id=ids["Staging"])["Distribution"]["ARN"]
    assert cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"] == [{"Key": "version", "Value": "2"}]
    # A subscription that is disabled is none.
    with pytest.raises(cloudfront.exceptions.NoSuchMonitoringSubscription):
        cloudfront.get_monitoring_subscription(DistributionId=ids["Monitoring"])
    tenant = cloudfront.get_distribution_tenant(Identifier=ids["Tenant"])["DistributionTenant"]
    assert tenant["Parameters"] == [{"Name": "p", "Value": "version 2"}]
    live = cloudfront.get_connection_function(Identifier=ids["Connection"], Stage="LIVE")
    assert b"/* 2 */" in live["ConnectionFunctionCode"].read()

    cfn.ok("delete", "types", "--yes")
    assert everything(cloudfront) == []


def test_a_resource_with_another_name_is_replaced_behind_what_refers_to_it(cfn, cloudfront):
    store = {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": "one"}}
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0",
              "KeyValueStoreAssociations": [{"KeyValueStoreARN": {"Fn::GetAtt": "Store.Arn"}}]}
    resources = {"Store": store, "Function": function("f", FunctionConfig=config)}
    cfn.deploy(cfn.template(Resources=resources))
    store["Properties"]["Name"] = "two"
    changed = cfn.deploy(cfn.template(Resources=resources))
    assert actions(changed) == {"Store": "Replace", "Function": "Update"}
    [left] = cloudfront.list_key_value_stores()["KeyValueStoreList"]["Items"]
    assert left["Name"] == "two"
    summary = cloudfront.describe_function(Name="f", Stage="LIVE")["FunctionSummary"]
    [association] = summary["FunctionConfig"]["KeyValueStoreAssociations"]["Items"]
    assert association["KeyValueStoreARN"] == left["ARN"]


def test_what_failed_is_taken_back(cfn, cloudfront):
    template = cfn.template(Resources={"F": function("f"), "G": function("g")})
    cfn.deploy(template)
    before = cloudfront.get_function(Name="f", Stage="LIVE")
    code = before["FunctionCode"].read()
    bad = cfn.template(Resources={
        "F": function("f", code="function handler(event) { return 1; }"),
        "A": function("a"),
        "Z": {**key_group("z", "no such key"), "DependsOn": ["A", "F"]},
    })
    said = cfn.fails("deploy", bad, "--yes")
    assert "Z failed: CreateKeyGroup: InvalidArgument" in said or "Z failed: CreateKeyGroup" in said
    assert "everything that this deploy did was taken back, and the stack stack is as it was before" in said
    assert names_of_functions(cloudfront) == {"f", "g"}
    assert cloudfront.get_function(Name="f", Stage="LIVE")["FunctionCode"].read() == code
    assert cfn.json("describe", "stack")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert cfn.deploy(cfn.template(Resources={"F": function("f"), "G": function("g")}))["Changes"] == []


def test_a_first_deploy_that_fails_leaves_nothing(cfn, cloudfront, tmp_path):
    bad = cfn.template(Resources={"F": function("f"), "Z": {**key_group("z", "no such key"), "DependsOn": "F"}})
    cfn.fails("deploy", bad, "--yes")
    assert everything(cloudfront) == [] and cfn.ok("list") == ""
    cfn.fails("deploy", bad, "--yes", "--disable-rollback")
    assert names_of_functions(cloudfront) == {"f"}
    good = cfn.template(Resources={"F": function("f"), "G": function("g")})
    assert actions(cfn.deploy(good)) == {"G": "Create"}


def test_a_deploy_that_was_killed_goes_on(empty_server, cfn, cloudfront):
    resources = {f"F{index}": function(f"f{index}") for index in range(6)}
    template = cfn.template(Resources=resources)
    process = cfn.start("deploy", template, "--yes")
    line = ""
    while "created   F2" not in line:
        line = process.stderr.readline()
        assert line, "the deploy ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    deployed = cfn.deploy(template)
    assert "F0" not in actions(deployed) or actions(deployed)["F0"] == "Update"
    assert names_of_functions(cloudfront) == {f"f{index}" for index in range(6)}
    assert cfn.deploy(template)["Changes"] == []


def test_a_function_whose_answer_was_lost_is_not_made_twice(cfn, cloudfront, empty_server):
    admin.command(empty_server, "fault", "add", "CreateFunction=drop,count=1")
    template = cfn.template(Resources={"F": function("f")})
    assert actions(cfn.deploy(template)) == {"F": "Create"}
    assert cloudfront.get_function(Name="f", Stage="LIVE")["FunctionCode"].read()
    assert cfn.deploy(template)["Changes"] == []


def test_what_is_not_of_the_stack_is_not_taken(cfn, cloudfront):
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    cloudfront.create_function(Name="f", FunctionConfig=config, FunctionCode=b"other")
    said = cfn.fails("deploy", cfn.template(Resources={"A": function("a"), "F": function("f")}), "--yes")
    assert "f is already there, and not of this stack" in said
    assert names_of_functions(cloudfront) == {"f"} and cfn.ok("list") == ""


def test_what_is_no_longer_there_is_made_again(cfn, cloudfront):
    template = cfn.template(Resources={"F": function("f"), "G": function("g")})
    cfn.deploy(template)
    etag = cloudfront.describe_function(Name="f")["ETag"]
    cloudfront.delete_function(Name="f", IfMatch=etag)
    assert "it is no longer there" in cfn.run("deploy", template, "--dry-run").out
    assert actions(cfn.deploy(template)) == {"F": "Create"}
    assert names_of_functions(cloudfront) == {"f", "g"}


def test_a_policy_of_deletion_keeps_a_resource(cfn, cloudfront):
    kept = {**function("kept"), "DeletionPolicy": "Retain"}
    cfn.deploy(cfn.template(Resources={"K": kept, "F": function("f")}))
    assert actions(cfn.deploy(cfn.template(Resources={"F": function("f")}))) == {"K": "Retain"}
    cfn.ok("delete", "stack", "--yes")
    assert names_of_functions(cloudfront) == {"kept"}


def test_a_stack_imports_what_another_exports(cfn, cloudfront):
    name = {"Fn::Sub": "${AWS::StackName}-${AWS::Region}-${AWS::AccountId}"}
    outputs = {"Arn": {"Value": {"Ref": "F"}, "Export": {"Name": "shared"}}}
    cfn.deploy(cfn.template("first", Resources={"F": function("f")}, Outputs=outputs))
    code = {"Fn::Join": ["", ["function handler(e) { return e.request; } // ", {"Fn::ImportValue": "shared"}]]}
    second = cfn.template("second", Resources={"G": function("g", code=code, FunctionConfig={
        "Comment": name, "Runtime": "cloudfront-js-2.0"})})
    cfn.deploy(second)
    summary = cloudfront.describe_function(Name="g")["FunctionSummary"]
    assert summary["FunctionConfig"]["Comment"] == "second-us-east-1-000000000000"
    arn = cloudfront.describe_function(Name="f")["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    assert cloudfront.get_function(Name="g")["FunctionCode"].read().decode().endswith(f"// {arn}")


def test_no_value_of_a_property_is_shown_or_kept(cfn, tmp_path):
    parameters = {"Secret": {"Type": "String", "NoEcho": True}}
    header = {"Header": "x-secret", "Value": {"Ref": "Secret"}, "Override": True}
    config = {"Name": "h", "CustomHeadersConfig": {"Items": [header]}}
    policy = {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}
    template = cfn.template(Parameters=parameters, Resources={"H": policy})
    assert "give it with --parameter Secret=VALUE" in cfn.fails("deploy", template, "--yes")
    for value in ("first-secret", "second-secret"):
        answer = cfn.run("deploy", template, "--yes", "--parameter", f"Secret={value}")
        assert answer.code == 0 and value not in answer.out + answer.err
    kept = (tmp_path / ".keyfront/cfn/stack.json").read_text()
    assert "secret" not in kept.replace("x-secret", "")


def test_mistakes_of_a_template_are_told_before_anything_is_done(cfn, cloudfront):
    resources = {"F": function("f"), "G": {**function("g"), "Properties": {"Nam": "g"}}, "H": key_group("h", {"Ref": "K"})}
    said = cfn.fails("deploy", cfn.template(Resources=resources), "--yes")
    for mistake in (
        "Resources.G.Properties.Nam: CloudFormation has no such property; did you mean Name?",
        "Resources.G.Properties: the property FunctionCode is missing",
        "Resources.H.Properties.KeyGroupConfig.Items[0].Ref: the template has no K",
    ):
        assert mistake in said, said
    circle = {"A": {**function("a"), "DependsOn": "B"}, "B": {**function("b"), "DependsOn": "A"}}
    assert "depend on each other in a circle: A → B → A" in cfn.fails("deploy", cfn.template(Resources=circle), "--yes")
    assert everything(cloudfront) == []


def test_a_stack_is_not_deployed_elsewhere_by_mistake(cfn, empty_server, server):
    template = cfn.template(Resources={"F": function("f")})
    cfn.deploy(template)
    other = Cfn(server.endpoint, folder=cfn.folder)
    assert f"the stack stack is at {empty_server.endpoint}, and not at {server.endpoint}" in other.fails(
        "deploy", template, "--yes")
    assert "add --yes" in cfn.fails("deploy", cfn.template(Resources={"G": function("g")}))


def test_it_works_without_extensions_as_at_aws(cfn, empty_server, cloudfront):
    with proxied(empty_server) as proxy:
        plain = Cfn(proxy.endpoint, folder=cfn.folder)
        plain.deploy(ASSEMBLIES / "site-1", "--output-value", BUCKET)
        changed = plain.deploy(ASSEMBLIES / "site-2", "--output-value", BUCKET)
        assert set(actions(changed).values()) == {"Update"}
        plain.ok("delete", "site", "--yes")
    assert everything(cloudfront) == []
