"""Terraform with the AWS provider 5.100.0, untouched: continuous deployment policies and monitoring subscriptions."""

import pytest

from clients import client
from terraform import MINUTES

DISTRIBUTION = """
resource "aws_cloudfront_distribution" "{name}" {{
  enabled = true
  staging = {staging}
  comment = "{comment}"
{more}
  origin {{
    origin_id   = "site"
    domain_name = "origin.example.com"
    custom_origin_config {{
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }}
  }}
  default_cache_behavior {{
    target_origin_id       = "site"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
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
"""

POLICY = """
resource "aws_cloudfront_continuous_deployment_policy" "release" {{
  enabled = {enabled}
  staging_distribution_dns_names {{
    items    = [aws_cloudfront_distribution.staging.domain_name]
    quantity = 1
  }}
  traffic_config {{
    {traffic}
  }}
}}

resource "aws_cloudfront_monitoring_subscription" "production" {{
  distribution_id = aws_cloudfront_distribution.production.id
  monitoring_subscription {{
    realtime_metrics_subscription_config {{
      realtime_metrics_subscription_status = "Enabled"
    }}
  }}
}}
"""

WEIGHT = """type = "SingleWeight"
    single_weight_config {
      weight = "0.01"
      session_stickiness_config {
        idle_ttl    = 300
        maximum_ttl = 600
      }
    }"""

HEADER = """type = "SingleHeader"
    single_header_config {
      header = "aws-cf-cd-test"
      value  = "yes"
    }"""

ATTACHED = "  continuous_deployment_policy_id = aws_cloudfront_continuous_deployment_policy.release.id"


def configuration(attached, traffic, enabled="true", comment="first"):
    return "".join([
        DISTRIBUTION.format(name="staging", staging="true", comment=comment, more=""),
        DISTRIBUTION.format(
            name="production", staging="false", comment="", more=ATTACHED if attached else ""
        ),
        POLICY.format(traffic=traffic, enabled=enabled),
    ])


@pytest.mark.long
@pytest.mark.timeout(30 * MINUTES)
def test_a_release_is_prepared_attached_changed_and_taken_down(project):
    project.patience = 10 * MINUTES
    control = client(project.server, "cloudfront")
    policy, production = "aws_cloudfront_continuous_deployment_policy.release", "aws_cloudfront_distribution.production"
    # A distribution cannot be created with a policy.
    project.apply(configuration(attached=False, traffic=WEIGHT))
    identity, distribution = project.state_of(policy)["id"], project.state_of(production)["id"]
    staging = project.state_of("aws_cloudfront_distribution.staging")["id"]
    config = control.get_distribution_config(Id=staging)["DistributionConfig"]
    assert (config["Staging"], config["ContinuousDeploymentPolicyId"]) == (True, identity)
    status = control.get_monitoring_subscription(DistributionId=distribution)["MonitoringSubscription"]
    assert status == {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
    project.expect_no_drift()

    project.apply(configuration(attached=True, traffic=HEADER, comment="second"))
    config = control.get_distribution_config(Id=distribution)["DistributionConfig"]
    assert config["ContinuousDeploymentPolicyId"] == identity
    config = control.get_continuous_deployment_policy_config(Id=identity)["ContinuousDeploymentPolicyConfig"]
    assert config["TrafficConfig"]["Type"] == "SingleHeader"
    project.expect_no_drift()

    project.apply(configuration(attached=True, traffic=WEIGHT, enabled="false", comment="second"))
    config = control.get_continuous_deployment_policy_config(Id=identity)["ContinuousDeploymentPolicyConfig"]
    assert (config["Enabled"], config["TrafficConfig"]["Type"]) == (False, "SingleWeight")
    project.import_again({policy: identity, "aws_cloudfront_monitoring_subscription.production": distribution})
    project.expect_no_drift()
    project.destroy()
    assert control.list_distributions()["DistributionList"]["Quantity"] == 0
    assert control.list_continuous_deployment_policies()["ContinuousDeploymentPolicyList"]["Quantity"] == 0
