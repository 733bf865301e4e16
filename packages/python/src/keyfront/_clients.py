"""boto3 clients that reach a Keyfront server, whatever the environment and the profiles of the person say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

DEFAULT_ENDPOINT = "http://127.0.0.1:4700"
ACCESS_KEY_ID = "test"
SECRET_ACCESS_KEY = "test"
REGION = "us-east-1"

DATA_PLANE = "cloudfront-keyvaluestore"


@overload
def client(service: Literal["cloudfront"], endpoint: str | None = None, **options: Any) -> CloudFrontClient: ...
@overload
def client(
    service: Literal["cloudfront-keyvaluestore"], endpoint: str | None = None, **options: Any
) -> CloudFrontKeyValueStoreClient: ...
@overload
def client(service: str, endpoint: str | None = None, **options: Any) -> Any: ...
def client(service: str, endpoint: str | None = None, **options: Any) -> Any:
    """A boto3 client of `cloudfront`, `cloudfront-keyvaluestore`, `sts` or `iam`, for a server of `keyfront dev`.

    The endpoint is the one given, else KEYFRONT_ENDPOINT, else http://127.0.0.1:4700. The options are those of
    boto3's `Session.client`; a `config` among them is merged over the one made here. The data plane is signed with
    SigV4 for us-east-1, which AWS takes there too, so that awscrt is not needed.

    Raises ImportError without boto3.
    """
    import boto3
    import botocore.session
    from botocore.config import Config

    endpoint = endpoint or os.environ.get("KEYFRONT_ENDPOINT") or DEFAULT_ENDPOINT
    # No profile, no file: each is (name in the file, variable, default, conversion).
    constants = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    variables = {name: (None, None, value, None) for name, value in constants.items()}
    if service == DATA_PLANE:
        # botocore puts the account in front of the host, and the server as the proxy of that name takes it.
        url = f"http://keyfront.internal:{urlsplit(endpoint).port or 80}"
        config = Config(signature_version="v4", proxies={"http": endpoint})
    else:
        url = endpoint
        config = Config(proxies={})
    given = options.pop("config", None)
    arguments: dict[str, Any] = {
        "endpoint_url": url,
        "region_name": REGION,
        "aws_access_key_id": ACCESS_KEY_ID,
        "aws_secret_access_key": SECRET_ACCESS_KEY,
        "config": config.merge(given) if given else config,
        **options,
    }
    session = boto3.session.Session(botocore_session=botocore.session.Session(session_vars=variables))
    return session.client(service, **arguments)
