"""A key value store and every pair in it, with CDK for Terraform."""

from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.cloudfront_key_value_store import CloudfrontKeyValueStore
from cdktf_cdktf_provider_aws.cloudfrontkeyvaluestore_keys_exclusive import CloudfrontkeyvaluestoreKeysExclusive
from cdktf_cdktf_provider_aws.provider import AwsProvider

REDIRECTS = {
    "/old": "/new",
    "/sale": "/summer",
}


class Redirects(TerraformStack):
    def __init__(self, scope, name):
        super().__init__(scope, name)
        AwsProvider(self, "aws", region="us-east-1")
        store = CloudfrontKeyValueStore(self, "store", name="redirects", comment="where old paths lead")
        CloudfrontkeyvaluestoreKeysExclusive(
            self,
            "pairs",
            key_value_store_arn=store.arn,
            resource_key_value_pair=[{"key": key, "value": value} for key, value in REDIRECTS.items()],
        )
        TerraformOutput(self, "arn", value=store.arn)


app = App()
Redirects(app, "redirects")
app.synth()
