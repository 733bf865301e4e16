"""The command `keyfront cfn`, and what `cdk synth` made for it."""

import json

from kvs_command import Kvs
from server import ROOT

ASSEMBLIES = ROOT / "compat/cdk"
# The origin of the site in a bucket, which CloudFormation would make and `keyfront cfn` passes over.
BUCKET = "Files8E6940B8.RegionalDomainName=files.s3.us-east-1.amazonaws.com"


class Cfn(Kvs):
    """Runs `keyfront cfn`."""

    def command(self, *arguments):
        command = super().command(*arguments)
        command["args"][1] = "cfn"
        return command

    def deploy(self, template, *arguments, **more):
        """Deploys without asking; what it printed as JSON."""
        return self.json("deploy", template, "--yes", *arguments, **more)

    def template(self, name="stack", **sections):
        """A template in the folder of the command, from its sections."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(sections))
        return path


def actions(answer):
    """What a deploy did, by logical id."""
    return {change["LogicalResourceId"]: change["Action"] for change in answer["Changes"]}


def function(name, code="function handler(event) { return event.request; }", **more):
    """A function as a resource."""
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    properties = {"Name": name, "FunctionCode": code, "FunctionConfig": config, "AutoPublish": True, **more}
    return {"Type": "AWS::CloudFront::Function", "Properties": properties}


def key_group(name, *keys):
    """A key group as a resource."""
    config = {"Name": name, "Items": list(keys)}
    return {"Type": "AWS::CloudFront::KeyGroup", "Properties": {"KeyGroupConfig": config}}
