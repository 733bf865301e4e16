"""Terraform with the AWS provider 5.100.0, untouched: origin access controls and cache policies."""

import pytest

from clients import client
from terraform import MINUTES, hcl


def configuration(suffix, comment, header, origin_type):
    return f"""
resource "aws_cloudfront_origin_access_control" "site" {{
  name                              = "site-{suffix}"
  description                       = {hcl(comment)}
  origin_access_control_origin_type = "{origin_type}"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}}

resource "aws_cloudfront_origin_access_control" "plain" {{
  name                              = "plain"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "no-override"
  signing_protocol                  = "sigv4"
}}

resource "aws_cloudfront_cache_policy" "pages" {{
  name        = "pages-{suffix}"
  comment     = {hcl(comment)}
  min_ttl     = 1
  default_ttl = 50
  max_ttl     = 100
  parameters_in_cache_key_and_forwarded_to_origin {{
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true
    headers_config {{
      header_behavior = "whitelist"
      headers {{
        items = ["{header}", "X-Fixed"]
      }}
    }}
    cookies_config {{
      cookie_behavior = "allExcept"
      cookies {{
        items = ["session"]
      }}
    }}
    query_strings_config {{
      query_string_behavior = "all"
    }}
  }}
}}

resource "aws_cloudfront_cache_policy" "defaults" {{
  name = "defaults"
  parameters_in_cache_key_and_forwarded_to_origin {{
    headers_config {{
      header_behavior = "none"
    }}
    cookies_config {{
      cookie_behavior = "none"
    }}
    query_strings_config {{
      query_string_behavior = "none"
    }}
  }}
}}

data "aws_cloudfront_cache_policy" "optimized" {{
  name = "Managed-CachingOptimized"
}}

data "aws_cloudfront_cache_policy" "pages" {{
  id = aws_cloudfront_cache_policy.pages.id
}}

data "aws_cloudfront_origin_access_control" "site" {{
  id = aws_cloudfront_origin_access_control.site.id
}}

output "found" {{
  value = [
    data.aws_cloudfront_cache_policy.optimized.id,
    data.aws_cloudfront_cache_policy.pages.comment,
    data.aws_cloudfront_origin_access_control.site.description,
  ]
}}
"""


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_origin_access_controls_and_cache_policies_are_made_changed_imported_and_destroyed(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    access, policy = "aws_cloudfront_origin_access_control.site", "aws_cloudfront_cache_policy.pages"
    project.apply(configuration("one", "first", "X-First", "s3"))
    ids = {address: project.state_of(address)["id"] for address in (access, policy)}
    config = control.get_cache_policy(Id=ids[policy])["CachePolicy"]["CachePolicyConfig"]
    assert (config["MinTTL"], config["DefaultTTL"], config["MaxTTL"]) == (1, 50, 100)
    managed = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert project.outputs()["found"] == [managed, "first", "first"]
    project.expect_no_drift()

    # Everything that can change in place does.
    project.apply(configuration("two", "second", "X-Second", "lambda"))
    assert {address: project.state_of(address)["id"] for address in ids} == ids
    changed = control.get_origin_access_control(Id=ids[access])["OriginAccessControl"]["OriginAccessControlConfig"]
    assert (changed["Name"], changed["OriginAccessControlOriginType"]) == ("site-two", "lambda")
    key = control.get_cache_policy_config(Id=ids[policy])["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    assert set(key["HeadersConfig"]["Headers"]["Items"]) == {"X-Second", "X-Fixed"}
    project.expect_no_drift()

    project.import_again(ids)
    project.expect_no_drift()

    # Both disappear behind Terraform's back, and are made again.
    for address, get, delete in [
        (access, control.get_origin_access_control, control.delete_origin_access_control),
        (policy, control.get_cache_policy, control.delete_cache_policy),
    ]:
        delete(Id=ids[address], IfMatch=get(Id=ids[address])["ETag"])
    project.apply()
    assert project.state_of(policy)["id"] != ids[policy]
    project.destroy()
    assert control.list_origin_access_controls()["OriginAccessControlList"]["Quantity"] == 0
    assert control.list_cache_policies(Type="custom")["CachePolicyList"]["Quantity"] == 0
