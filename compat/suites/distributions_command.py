"""The command `keyfront distributions`, and configurations for it."""

import copy

from kvs_command import Kvs

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


class Distributions(Kvs):
    """Runs `keyfront distributions`."""

    def command(self, *arguments):
        command = super().command(*arguments)
        command["args"][1] = "distributions"
        return command


def bucket(reference, **changes):
    """The configuration of a distribution over a bucket, with other members."""
    return copy.deepcopy({
        "CallerReference": reference,
        "Comment": reference,
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{
            "Id": "bucket",
            "DomainName": "site.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_OPTIMIZED,
        },
        **changes,
    })
