"""Terraform: a module in the shape of terraform-aws-modules/cloudfront, with the values of its complete example."""

import shutil

import pytest

from clients import client
from distributions import CACHING_DISABLED, CERTIFICATE, counted
from server import ROOT
from terraform import MINUTES

MODULE = ROOT / "compat/terraform-module/main.tf"

ROOT_MODULE = """
resource "aws_cloudfront_function" "index" {
  name    = "index"
  runtime = "cloudfront-js-2.0"
  code    = "function handler(event) { return event.request; }"
}

module "cloudfront" {
  source = "./module"

  aliases         = ["cdn.module.example"]
  comment         = "My awesome CloudFront"
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = "PriceClass_All"
  monitoring      = true

  origin_access_identities = {
    s3_bucket_one = "My awesome CloudFront can access"
  }
  origin_access_control = {
    s3_oac = {
      description      = "CloudFront access to S3"
      origin_type      = "s3"
      signing_behavior = "always"
      signing_protocol = "sigv4"
    }
  }
  logging_config = {
    bucket = "logs-my-cdn.s3.amazonaws.com"
    prefix = "cloudfront"
  }

  origin = {
    appsync = {
      domain_name = "appsync.module.example"
      custom_origin_config = {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "match-viewer"
        origin_ssl_protocols   = ["TLSv1", "TLSv1.1", "TLSv1.2"]
      }
      custom_header = [
        {
          name  = "X-Forwarded-Scheme"
          value = "https"
        },
        {
          name  = "X-Frame-Options"
          value = "SAMEORIGIN"
        },
      ]
      origin_shield = {
        enabled              = true
        origin_shield_region = "us-east-1"
      }
    }
    s3_one = {
      domain_name = "my-s3-bucket.s3.eu-west-1.amazonaws.com"
      s3_origin_config = {
        origin_access_identity = "s3_bucket_one"
      }
    }
    s3_oac = {
      domain_name           = "my-oac-bucket.s3.eu-west-1.amazonaws.com"
      origin_access_control = "s3_oac"
    }
  }
  origin_group = {
    group_one = {
      failover_status_codes      = [403, 404, 500, 502]
      primary_member_origin_id   = "appsync"
      secondary_member_origin_id = "s3_one"
    }
  }

  default_cache_behavior = {
    target_origin_id       = "appsync"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    use_forwarded_values       = false
    cache_policy_id            = "CACHING_DISABLED"
    response_headers_policy_id = "67f7725c-6f97-4210-82d7-5512b31e9d03"
    lambda_function_association = {
      viewer-request = {
        lambda_arn   = "arn:aws:lambda:us-east-1:111122223333:function:edge:1"
        include_body = true
      }
      origin-request = {
        lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:edge:1"
      }
    }
  }
  ordered_cache_behavior = [
    {
      path_pattern           = "/static/*"
      target_origin_id       = "s3_one"
      viewer_protocol_policy = "redirect-to-https"
      allowed_methods        = ["GET", "HEAD", "OPTIONS"]
      cached_methods         = ["GET", "HEAD"]
      use_forwarded_values         = false
      cache_policy_name            = "Managed-CachingOptimized"
      origin_request_policy_name   = "Managed-UserAgentRefererHeaders"
      response_headers_policy_name = "Managed-SimpleCORS"
      function_association = {
        viewer-request = {
          function_arn = aws_cloudfront_function.index.arn
        }
        viewer-response = {
          function_arn = aws_cloudfront_function.index.arn
        }
      }
    },
    {
      path_pattern           = "/static-no-policies/*"
      target_origin_id       = "s3_oac"
      viewer_protocol_policy = "redirect-to-https"
      allowed_methods        = ["GET", "HEAD", "OPTIONS"]
      cached_methods         = ["GET", "HEAD"]
      compress               = true
      query_string           = true
    },
  ]

  custom_error_response = [
    {
      error_code         = 404
      response_code      = 404
      response_page_path = "/errors/404.html"
    },
    {
      error_code         = 403
      response_code      = 403
      response_page_path = "/errors/403.html"
    },
  ]
  geo_restriction = {
    restriction_type = "whitelist"
    locations        = ["NO", "UA", "US", "GB"]
  }
  viewer_certificate = {
    acm_certificate_arn = "CERTIFICATE"
    ssl_support_method  = "sni-only"
  }
  tags = {
    module = "cloudfront"
  }
}

output "id" {
  value = module.cloudfront.id
}
""".replace("CACHING_DISABLED", CACHING_DISABLED).replace("CERTIFICATE", CERTIFICATE)


@pytest.mark.long
@pytest.mark.timeout(12 * MINUTES)
def test_the_module_is_applied_changed_and_destroyed(project):
    control = client(project.server, "cloudfront")
    (project.folder / "module").mkdir()
    shutil.copy(MODULE, project.folder / "module")
    project.write(ROOT_MODULE)
    project.terraform("init", "-input=false", "-no-color")
    project.apply()
    name = project.outputs()["id"]
    config = control.get_distribution_config(Id=name)["DistributionConfig"]
    static, plain = config["CacheBehaviors"]["Items"]
    assert static["OriginRequestPolicyId"] == "acba4595-bd28-49b8-b9fe-13317c0390fa"
    assert static["ResponseHeadersPolicyId"] == "60669652-455b-4ae9-85a4-c4c02393f86c"
    assert plain["ForwardedValues"]["QueryString"] is True
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1"
    metrics = control.get_monitoring_subscription(DistributionId=name)["MonitoringSubscription"]
    assert metrics["RealtimeMetricsSubscriptionConfig"]["RealtimeMetricsSubscriptionStatus"] == "Enabled"
    project.expect_no_drift()

    # What is a list of maps in the module is changed in place as well.
    changed = ROOT_MODULE.replace('"/static/*"', '"/assets/*"').replace('locations        = ["NO", "UA", "US", "GB"]', (
        'locations        = ["NO"]'
    )).replace("monitoring      = true", "monitoring      = false")
    project.apply(changed)
    assert project.outputs()["id"] == name
    config = control.get_distribution_config(Id=name)["DistributionConfig"]
    assert config["CacheBehaviors"]["Items"][0]["PathPattern"] == "/assets/*"
    assert config["Restrictions"]["GeoRestriction"] == {"RestrictionType": "whitelist", **counted("NO")}
    with pytest.raises(control.exceptions.NoSuchMonitoringSubscription):
        control.get_monitoring_subscription(DistributionId=name)
    project.expect_no_drift()
    project.destroy()
    assert control.list_distributions()["DistributionList"]["Quantity"] == 0
