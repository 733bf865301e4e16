"""Terraform and the edge: a project as it was written for AWS is applied, fetched with curl, and destroyed."""

import subprocess

import pytest

import signing
from clients import client, wait_for
from conftest import running
from server import ACCOUNT, PATIENCE, clean_environment
from signing import Key, date
from terraform import MINUTES, hcl

REDIRECTS = """
import cf from 'cloudfront';
const redirects = cf.kvs();
async function handler(event) {
    const uri = event.request.uri;
    if (await redirects.exists(uri)) {
        return { statusCode: 301, headers: { location: { value: await redirects.get(uri) } } };
    }
    return event.request;
}
"""


def configuration(key):
    """A bucket, the function with its store, keys for signed URLs, and the distribution in front of them."""
    return f"""
resource "aws_cloudfront_origin_access_control" "site" {{
  name                              = "site"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}}

resource "aws_cloudfront_key_value_store" "redirects" {{
  name = "redirects"
}}

resource "aws_cloudfrontkeyvaluestore_key" "old" {{
  key_value_store_arn = aws_cloudfront_key_value_store.redirects.arn
  key                 = "/old"
  value               = "/new"
}}

resource "aws_cloudfront_function" "redirect" {{
  name                         = "redirect"
  runtime                      = "cloudfront-js-2.0"
  key_value_store_associations = [aws_cloudfront_key_value_store.redirects.arn]
  code                         = {hcl(REDIRECTS)}
}}

resource "aws_cloudfront_public_key" "signer" {{
  name        = "signer"
  encoded_key = {hcl(key)}
}}

resource "aws_cloudfront_key_group" "readers" {{
  name  = "readers"
  items = [aws_cloudfront_public_key.signer.id]
}}

resource "aws_cloudfront_distribution" "site" {{
  enabled             = true
  default_root_object = "index.html"
  wait_for_deployment = false

  origin {{
    origin_id                = "pages"
    domain_name              = "pages.s3.us-east-1.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }}

  default_cache_behavior {{
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"

    function_association {{
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.redirect.arn
    }}
  }}

  ordered_cache_behavior {{
    path_pattern           = "*.mp4"
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    trusted_key_groups     = [aws_cloudfront_key_group.readers.id]
  }}

  custom_error_response {{
    error_code         = 403
    response_page_path = "/404.html"
    response_code      = 404
  }}

  restrictions {{
    geo_restriction {{
      restriction_type = "none"
    }}
  }}

  viewer_certificate {{
    cloudfront_default_certificate = true
  }}
}}

output "id" {{
  value = aws_cloudfront_distribution.site.id
}}

output "key" {{
  value = aws_cloudfront_public_key.signer.id
}}
"""


ORIGIN = """
  origin {{
    origin_id   = "{name}"
    domain_name = "{name}.example.com"
    custom_origin_config {{
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }}
  }}
"""

GROUP = """
  origin_group {
    origin_id = "both"
    failover_criteria {
      status_codes = [500, 502, 503, 504]
    }
    member {
      origin_id = "broken"
    }
    member {
      origin_id = "spare"
    }
  }
"""

RELEASE = """
resource "aws_cloudfront_distribution" "{name}" {{
  enabled             = true
  staging             = {staging}
  default_root_object = "index.html"
  wait_for_deployment = false
{more}
  default_cache_behavior {{
    target_origin_id       = "{target}"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }}
  restrictions {{
    geo_restriction {{
      restriction_type = "none"
    }}
  }}
  viewer_certificate {{
    cloudfront_default_certificate = true
  }}
}}

output "{name}" {{
  value = aws_cloudfront_distribution.{name}.domain_name
}}
"""

POLICY = """
resource "aws_cloudfront_continuous_deployment_policy" "release" {
  enabled = true
  staging_distribution_dns_names {
    items    = [aws_cloudfront_distribution.staging.domain_name]
    quantity = 1
  }
  traffic_config {
    type = "SingleHeader"
    single_header_config {
      header = "aws-cf-cd-next"
      value  = "yes"
    }
  }
}
"""

ATTACHED = "  continuous_deployment_policy_id = aws_cloudfront_continuous_deployment_policy.release.id"


def release(attached):
    """A production distribution with two origins, of which the first is broken, and a staging distribution with another."""
    both = ORIGIN.format(name="broken") + ORIGIN.format(name="spare") + GROUP
    return "".join([
        RELEASE.format(name="production", staging="false", target="both", more=both + (ATTACHED if attached else "")),
        RELEASE.format(name="staging", staging="true", target="next", more=ORIGIN.format(name="next")),
        POLICY,
    ])


def curl(server, url, *arguments):
    """Status, headers and body as curl prints them. `*.localhost` is this machine, whatever the resolver says."""
    address = server.edges[0].partition("://")[2]
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    command = ["curl", "-sS", "-i", "--connect-to", f"{host}::{address}", *arguments, url]
    answer = subprocess.run(command, capture_output=True, timeout=PATIENCE, env=clean_environment())
    assert answer.returncode == 0, answer.stderr
    head, _, body = answer.stdout.partition(b"\r\n\r\n")
    return head.decode(), body


@pytest.mark.timeout(10 * MINUTES)
def test_from_nothing_to_curl_to_destroyed(project_on, tmp_path):
    bucket = tmp_path / "site"
    bucket.mkdir()
    for name, text in [("index.html", "<h1>home</h1>"), ("new", "moved here"), ("404.html", "lost"), ("v.mp4", "film")]:
        (bucket / name).write_text(text)
    key = Key(tmp_path / "keys", "rsa")
    server_folder = tmp_path / "server"
    server_folder.mkdir()
    with running(server_folder, "--origin", f"pages.s3.us-east-1.amazonaws.com={bucket}") as server:
        project = project_on(server)
        project.apply(configuration(key.public.read_text()))
        outputs = project.outputs()
        host = f"{outputs['id']}.localhost"
        base = f"http://{host}"

        wait_for(lambda: curl(server, f"{base}/")[1] == b"<h1>home</h1>", "there is no page", 5)
        head, _ = curl(server, f"{base}/old")
        assert head.startswith("HTTP/1.1 301 Moved Permanently") and "location: /new" in head.lower()
        _, body = curl(server, f"{base}/old", "-L")
        assert body.endswith(b"moved here")
        head, body = curl(server, f"{base}/nothing")
        assert head.startswith("HTTP/1.1 404") and body == b"lost"

        head, _ = curl(server, f"{base}/v.mp4")
        assert head.startswith("HTTP/1.1 404")
        key.id = outputs["key"]
        signed = key.signer().generate_presigned_url(f"{base}/v.mp4", date(4_102_444_800))
        assert curl(server, signed)[1] == b"film"
        printed = signing.printed("sign", "url", f"{base}/v.mp4", "--expires", "1h", *key.arguments)
        assert curl(server, printed)[1] == b"film"

        project.expect_no_drift()
        data = client(server, "cloudfront-keyvaluestore")
        control = client(server, "cloudfront")
        store = control.describe_key_value_store(Name="redirects")["KeyValueStore"]["ARN"]
        assert f"::{ACCOUNT}:" in store
        etag = data.describe_key_value_store(KvsARN=store)["ETag"]
        data.put_key(KvsARN=store, Key="/sale", Value="/summer", IfMatch=etag)
        wait_for(lambda: "location: /summer" in curl(server, f"{base}/sale")[0].lower(), "the pair is not visible", 1)

        project.destroy()
        wait_for(lambda: curl(server, f"{base}/")[0].startswith("HTTP/1.1 403"), "it is still served", 5)


@pytest.mark.timeout(10 * MINUTES)
def test_a_release_beside_a_failing_origin_from_nothing_to_destroyed(project_on, tmp_path):
    origins = ["--origin", "broken.example.com=http://127.0.0.1:9"]
    for name in ["spare", "next"]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(name)
        origins += ["--origin", f"{name}.example.com={folder}"]
    server_folder = tmp_path / "server"
    server_folder.mkdir()
    with running(server_folder, *origins) as server:
        project = project_on(server)
        # A distribution cannot be created with a policy.
        project.apply(release(attached=False))
        outputs = project.outputs()
        base, header = f"http://{outputs['production']}", ["-H", "aws-cf-cd-next: yes"]
        wait_for(lambda: curl(server, f"{base}/")[1] == b"spare", "the second origin does not answer", 5)
        assert curl(server, f"{base}/", *header)[1] == b"spare"
        project.apply(release(attached=True))
        wait_for(lambda: curl(server, f"{base}/", *header)[1] == b"next", "the policy is not in force", 5)
        assert curl(server, f"{base}/")[1] == b"spare"
        assert curl(server, f"http://{outputs['staging']}/")[0].startswith("HTTP/1.1 403")
        project.expect_no_drift()
        project.destroy()
        wait_for(lambda: curl(server, f"{base}/")[0].startswith("HTTP/1.1 403"), "it is still served", 5)
