"""Takes a store that exists, with all its pairs, into Terraform. Its name and its ARN are the arguments."""

import sys

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.cloudfront_key_value_store import CloudfrontKeyValueStore
from cdktf_cdktf_provider_aws.cloudfrontkeyvaluestore_keys_exclusive import CloudfrontkeyvaluestoreKeysExclusive
from cdktf_cdktf_provider_aws.provider import AwsProvider


class Adopted(TerraformStack):
    def __init__(self, scope, name, store_name, store_arn):
        super().__init__(scope, name)
        AwsProvider(self, "aws", region="us-east-1")
        CloudfrontKeyValueStore.generate_config_for_import(self, "store", store_name)
        CloudfrontkeyvaluestoreKeysExclusive.generate_config_for_import(self, "pairs", store_arn)


_, store_name, store_arn = sys.argv
app = App()
Adopted(app, "adopted", store_name, store_arn)
app.synth()
