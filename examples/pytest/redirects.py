"""A table of redirects in a CloudFront KeyValueStore."""

import boto3

ATTEMPTS = 3


class Redirects:
    def __init__(self, store):
        self.kvs = boto3.client("cloudfront-keyvaluestore")
        described = boto3.client("cloudfront").describe_key_value_store(Name=store)
        self.arn = described["KeyValueStore"]["ARN"]

    def target(self, path):
        """Where a path leads, or None."""
        try:
            return self.kvs.get_key(KvsARN=self.arn, Key=path)["Value"]
        except self.kvs.exceptions.ResourceNotFoundException:
            return None

    def add(self, path, target):
        """Adds a redirect, unless the path has another already. Says whether the path leads to the target."""
        for attempt in range(1, ATTEMPTS + 1):
            etag = self.kvs.describe_key_value_store(KvsARN=self.arn)["ETag"]
            present = self.target(path)
            if present is not None:
                return present == target
            try:
                self.kvs.put_key(KvsARN=self.arn, Key=path, Value=target, IfMatch=etag)
                return True
            except self.kvs.exceptions.ValidationException:
                # Another has written since, or this very write was done and its answer was lost: look again.
                if attempt == ATTEMPTS:
                    raise
