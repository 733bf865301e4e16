"""Terraform with the AWS provider 5.100.0, untouched: distributions and what they refer to.

The provider looks at a distribution 30 s after each change of it, and each 15 s after that, however fast the server is.
So there are few scenarios, each with much in it, and most changes do not wait for the deployment.
"""

import pytest

from clients import client
from distributions import CACHING_DISABLED, CACHING_OPTIMIZED, CERTIFICATE, ETAGS, WEB_ACL, counted, remove
from keys import pem
from terraform import MINUTES, hcl

SITE = "aws_cloudfront_distribution.site"
# What signs, runs and caches, with the names that a distribution has for it.
BESIDE = f"""
resource "aws_cloudfront_origin_access_control" "site" {{
  name                              = "site"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}}

resource "aws_cloudfront_cache_policy" "pages" {{
  name    = "pages"
  min_ttl = 1
  parameters_in_cache_key_and_forwarded_to_origin {{
    headers_config {{
      header_behavior = "none"
    }}
    cookies_config {{
      cookie_behavior = "none"
    }}
    query_strings_config {{
      query_string_behavior = "all"
    }}
  }}
}}
"""
# What is attached at first, and then no longer. Only with this lifecycle does Terraform delete what is no longer
# attached after the distribution has let go of it; without it AWS refuses as well.
LAST = """
  lifecycle {
    create_before_destroy = true
  }
"""
ATTACHED = f"""
resource "aws_cloudfront_function" "edge" {{
  for_each = toset(["request", "response"])
  name     = each.key
  runtime  = "cloudfront-js-2.0"
  code     = "function handler(event) {{ return event.${{each.key}}; }}"{LAST}}}

resource "aws_cloudfront_public_key" "signer" {{
  name        = "signer"
  encoded_key = {hcl(pem("rsa-2048"))}{LAST}}}

resource "aws_cloudfront_key_group" "readers" {{
  name  = "readers"
  items = [aws_cloudfront_public_key.signer.id]{LAST}}}
"""
FOUND = """
data "aws_cloudfront_distribution" "site" {
  id = aws_cloudfront_distribution.site.id
}

output "found" {
  value = [
    data.aws_cloudfront_distribution.site.domain_name,
    data.aws_cloudfront_distribution.site.status,
    data.aws_cloudfront_distribution.site.hosted_zone_id,
    join(",", sort(data.aws_cloudfront_distribution.site.aliases)),
    data.aws_cloudfront_distribution.site.tags["team"],
  ]
}
"""

FIRST = f"""
resource "aws_cloudfront_distribution" "site" {{
  enabled             = true
  comment             = "first"
  aliases             = ["www.site.example", "*.site.example"]
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = "PriceClass_100"
  web_acl_id          = "{WEB_ACL}"

  origin {{
    origin_id                = "pages"
    domain_name              = "pages.s3.us-east-1.amazonaws.com"
    origin_path              = "/v1"
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
    connection_attempts      = 2
    connection_timeout       = 5
    custom_header {{
      name  = "X-From"
      value = "edge"
    }}
    origin_shield {{
      enabled              = true
      origin_shield_region = "eu-central-1"
    }}
  }}
  origin {{
    origin_id   = "spare"
    domain_name = "spare.s3.us-east-1.amazonaws.com"
  }}
  origin {{
    origin_id   = "api"
    domain_name = "api.example.com"
    custom_origin_config {{
      http_port                = 8080
      https_port               = 8443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.1", "TLSv1.2"]
      origin_read_timeout      = 45
      origin_keepalive_timeout = 20
    }}
  }}
  origin_group {{
    origin_id = "both"
    failover_criteria {{
      status_codes = [500, 502]
    }}
    member {{
      origin_id = "pages"
    }}
    member {{
      origin_id = "spare"
    }}
  }}

  default_cache_behavior {{
    target_origin_id       = "both"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.pages.id
    compress               = true
    function_association {{
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.edge["request"].arn
    }}
    function_association {{
      event_type   = "viewer-response"
      function_arn = aws_cloudfront_function.edge["response"].arn
    }}
  }}
  ordered_cache_behavior {{
    path_pattern           = "/api/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods         = ["GET", "HEAD", "OPTIONS"]
    cache_policy_id        = "{CACHING_DISABLED}"
    trusted_key_groups     = [aws_cloudfront_key_group.readers.id]
    lambda_function_association {{
      event_type   = "origin-request"
      lambda_arn   = "arn:aws:lambda:us-east-1:111122223333:function:rewrite:1"
      include_body = true
    }}
  }}
  ordered_cache_behavior {{
    path_pattern           = "*.m3u8"
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "{CACHING_OPTIMIZED}"
    smooth_streaming       = true
    trusted_signers        = ["self"]
  }}

  custom_error_response {{
    error_code            = 404
    response_code         = 200
    response_page_path    = "/404.html"
    error_caching_min_ttl = 30
  }}
  custom_error_response {{
    error_code = 503
  }}
  logging_config {{
    bucket          = "logs.s3.amazonaws.com"
    prefix          = "site/"
    include_cookies = true
  }}
  restrictions {{
    geo_restriction {{
      restriction_type = "whitelist"
      locations        = ["DE", "AT"]
    }}
  }}
  viewer_certificate {{
    acm_certificate_arn      = "{CERTIFICATE}"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }}
  tags = {{
    team = "web"
    left = "away"
  }}
}}
"""

# The same distribution with every argument changed, what can be left out left out.
SECOND = f"""
resource "aws_cloudfront_distribution" "site" {{
  enabled             = false
  comment             = "second"
  aliases             = ["www.site.example", "shop.example"]
  default_root_object = "start.html"
  http_version        = "http1.1"
  is_ipv6_enabled     = false
  price_class         = "PriceClass_200"
  wait_for_deployment = false

  origin {{
    origin_id           = "pages"
    domain_name         = "other.s3.eu-central-1.amazonaws.com"
    origin_path         = "/v2"
    connection_attempts = 1
    connection_timeout  = 3
    custom_header {{
      name  = "X-To"
      value = "origin"
    }}
    origin_shield {{
      enabled              = true
      origin_shield_region = "us-east-2"
    }}
  }}
  origin {{
    origin_id   = "api"
    domain_name = "api2.example.com"
    custom_origin_config {{
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "match-viewer"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_read_timeout      = 60
      origin_keepalive_timeout = 5
    }}
  }}
  origin_group {{
    origin_id = "both"
    failover_criteria {{
      status_codes = [403, 404, 503]
    }}
    member {{
      origin_id = "api"
    }}
    member {{
      origin_id = "pages"
    }}
  }}

  default_cache_behavior {{
    target_origin_id       = "pages"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "{CACHING_OPTIMIZED}"
    compress               = false
    lambda_function_association {{
      event_type = "viewer-request"
      lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:rewrite:2"
    }}
  }}
  ordered_cache_behavior {{
    path_pattern           = "/old/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    min_ttl                = 0
    default_ttl            = 60
    max_ttl                = 600
    forwarded_values {{
      query_string            = true
      query_string_cache_keys = ["page"]
      headers                 = ["Origin"]
      cookies {{
        forward           = "whitelist"
        whitelisted_names = ["session"]
      }}
    }}
  }}

  custom_error_response {{
    error_code            = 404
    response_code         = 404
    response_page_path    = "/missing.html"
    error_caching_min_ttl = 0
  }}
  logging_config {{
    bucket = "logs2.s3.amazonaws.com"
    prefix = "other/"
  }}
  restrictions {{
    geo_restriction {{
      restriction_type = "blacklist"
      locations        = ["FR"]
    }}
  }}
  viewer_certificate {{
    iam_certificate_id       = "ASCAEXAMPLE"
    ssl_support_method       = "vip"
    minimum_protocol_version = "TLSv1.2_2019"
  }}
  tags = {{
    team = "ops"
    new  = "here"
  }}
}}
"""


@pytest.mark.timeout(12 * MINUTES)
def test_a_distribution_is_made_changed_in_everything_imported_and_destroyed(project):
    control = client(project.server, "cloudfront")
    project.patience = 6 * MINUTES
    project.apply(BESIDE + ATTACHED + FIRST + FOUND)
    name = project.state_of(SITE)["id"]
    shown = control.get_distribution(Id=name)["Distribution"]
    assert project.state_of(SITE)["status"] == "Deployed"
    assert project.outputs()["found"] == [
        shown["DomainName"], "Deployed", "Z2FDTNDATAQYW2", "*.site.example,www.site.example", "web",
    ]
    config = shown["DistributionConfig"]
    # The server tells what it made of it, as far as a list or a default might have been lost.
    assert config["OriginGroups"]["Items"][0]["Members"] == counted({"OriginId": "pages"}, {"OriginId": "spare"})
    assert len(config["DefaultCacheBehavior"]["FunctionAssociations"]["Items"]) == 2
    assert shown["ActiveTrustedKeyGroups"]["Enabled"] and shown["ActiveTrustedSigners"]["Enabled"]
    function = control.describe_function(Name="request", Stage="LIVE")["FunctionSummary"]
    assert function["Status"] == "DEPLOYED"
    project.expect_no_drift()

    # Everything changes in place, and then what it no longer refers to goes.
    project.apply(BESIDE + SECOND + FOUND)
    assert project.state_of(SITE)["id"] == name
    assert control.list_key_groups()["KeyGroupList"]["Quantity"] == 0
    assert control.list_functions()["FunctionList"]["Quantity"] == 0
    tags = control.list_tags_for_resource(Resource=shown["ARN"])["Tags"]["Items"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "ops", "new": "here"}
    changed = control.get_distribution_config(Id=name)["DistributionConfig"]
    kept = {"CallerReference", "ContinuousDeploymentPolicyId", "Staging"}
    assert {member for member in config if config[member] == changed[member]} == kept
    project.expect_no_drift()

    project.import_again({SITE: name})
    text, changes = project.plan()
    # An import knows nothing of what only Terraform itself looks at.
    assert not changes or "1 to change" in text and "wait_for_deployment" in text, text

    # It disappears behind Terraform's back, and is made again.
    remove(control, name)
    project.apply()
    again = project.state_of(SITE)
    assert (again["id"] != name, again["etag"]) == (True, ETAGS[0])
    project.destroy()
    assert control.list_distributions()["DistributionList"]["Quantity"] == 0
    assert control.list_origin_access_controls()["OriginAccessControlList"]["Quantity"] == 0


# Distributions as they were made before there were policies and origin access controls, and a staging one.
OLDER = f"""
resource "aws_cloudfront_origin_access_identity" "pages" {{
  comment = "pages"
}}

resource "aws_cloudfront_public_key" "fields" {{
  name        = "fields"
  encoded_key = {hcl(pem("rsa-2048"))}
}}

resource "aws_cloudfront_field_level_encryption_profile" "card" {{
  name = "card"
  encryption_entities {{
    items {{
      public_key_id = aws_cloudfront_public_key.fields.id
      provider_id   = "cards"
      field_patterns {{
        items = ["card"]
      }}
    }}
  }}
}}

resource "aws_cloudfront_field_level_encryption_config" "forms" {{
  content_type_profile_config {{
    forward_when_content_type_is_unknown = true
    content_type_profiles {{
      items {{
        content_type = "application/x-www-form-urlencoded"
        format       = "URLEncoded"
        profile_id   = aws_cloudfront_field_level_encryption_profile.card.id
      }}
    }}
  }}
  query_arg_profile_config {{
    forward_when_query_arg_profile_is_unknown = true
  }}
}}
"""


def older(path, cookies, ttl, encrypted=True, comment='comment = "staging"'):
    encryption = "aws_cloudfront_field_level_encryption_config.forms.id" if encrypted else '""'
    return OLDER + f"""
resource "aws_cloudfront_distribution" "older" {{
  enabled             = false
  wait_for_deployment = false

  origin {{
    origin_id   = "pages"
    domain_name = "pages.s3.amazonaws.com"
    origin_path = "{path}"
    s3_origin_config {{
      origin_access_identity = aws_cloudfront_origin_access_identity.pages.cloudfront_access_identity_path
    }}
  }}
  origin {{
    origin_id   = "forms"
    domain_name = "forms.example.com"
    custom_origin_config {{
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }}
  }}

  default_cache_behavior {{
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["HEAD", "GET"]
    cached_methods         = ["HEAD", "GET"]
    default_ttl            = {ttl}
    max_ttl                = {ttl}
    forwarded_values {{
      query_string = false
      cookies {{
        {cookies}
      }}
    }}
  }}
  ordered_cache_behavior {{
    path_pattern              = "/forms/*"
    target_origin_id          = "forms"
    viewer_protocol_policy    = "https-only"
    allowed_methods           = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods            = ["GET", "HEAD"]
    field_level_encryption_id = {encryption}
    forwarded_values {{
      query_string = true
      headers      = ["*"]
      cookies {{
        forward = "all"
      }}
    }}
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

resource "aws_cloudfront_distribution" "staging" {{
  enabled             = false
  staging             = true
  wait_for_deployment = false
  {comment}
  origin {{
    origin_id   = "site"
    domain_name = "site.example.com"
    custom_origin_config {{
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["SSLv3", "TLSv1"]
    }}
  }}
  default_cache_behavior {{
    target_origin_id           = "site"
    viewer_protocol_policy     = "allow-all"
    allowed_methods            = ["HEAD", "GET"]
    cached_methods             = ["HEAD", "GET"]
    cache_policy_id            = "{CACHING_DISABLED}"
    origin_request_policy_id   = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    response_headers_policy_id = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  }}
  restrictions {{
    geo_restriction {{
      restriction_type = "none"
    }}
  }}
  viewer_certificate {{
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1"
  }}
}}
"""


@pytest.mark.long
@pytest.mark.timeout(12 * MINUTES)
def test_distributions_of_the_older_kind_and_staging_ones_live_as_well(project):
    control = client(project.server, "cloudfront")
    project.apply(older("/a", 'forward = "none"', 0))
    ids = {
        f"aws_cloudfront_distribution.{name}": project.state_of(f"aws_cloudfront_distribution.{name}")["id"]
        for name in ("older", "staging")
    }
    older_id, staging_id = ids.values()
    config = control.get_distribution_config(Id=older_id)["DistributionConfig"]
    identity = project.state_of("aws_cloudfront_origin_access_identity.pages")
    origin = next(origin for origin in config["Origins"]["Items"] if origin["Id"] == "pages")
    assert origin["S3OriginConfig"]["OriginAccessIdentity"] == identity["cloudfront_access_identity_path"]
    default = config["DefaultCacheBehavior"]
    assert (default["MinTTL"], default["DefaultTTL"], default["MaxTTL"]) == (0, 0, 0)
    forms, = config["CacheBehaviors"]["Items"]
    encryption = project.state_of("aws_cloudfront_field_level_encryption_config.forms")["id"]
    assert (forms["FieldLevelEncryptionId"], forms["ForwardedValues"]["Headers"]) == (encryption, counted("*"))
    assert control.get_distribution_config(Id=staging_id)["DistributionConfig"]["Staging"] is True
    project.expect_no_drift()

    cookies = 'forward = "whitelist"\n        whitelisted_names = ["b", "a"]'
    project.apply(older("/b", cookies, 3600, encrypted=False, comment=""))
    default = control.get_distribution_config(Id=older_id)["DistributionConfig"]["DefaultCacheBehavior"]
    assert set(default["ForwardedValues"]["Cookies"]["WhitelistedNames"]["Items"]) == {"a", "b"}
    # The provider leaves out a comment that is empty, and so it is empty.
    assert control.get_distribution_config(Id=staging_id)["DistributionConfig"]["Comment"] == ""
    project.expect_no_drift()
    project.import_again({"aws_cloudfront_distribution.older": older_id})
    project.destroy()
    assert control.list_distributions()["DistributionList"]["Quantity"] == 0
    identities = control.list_cloud_front_origin_access_identities()["CloudFrontOriginAccessIdentityList"]
    assert identities["Quantity"] == 0
