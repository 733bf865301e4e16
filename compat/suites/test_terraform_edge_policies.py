"""Terraform with the AWS provider 5.100.0, untouched: origin request and response headers policies, origin access
identities, real-time log configurations and VPC origins."""

import pytest

from clients import client
from terraform import MINUTES, hcl

POLICIES = """
resource "aws_cloudfront_origin_request_policy" "forward" {{
  name    = "forward-{suffix}"
  comment = {comment}
  headers_config {{
    header_behavior = "{headers}"
    headers {{
      items = ["CloudFront-Viewer-Country", "CloudFront-{suffix}"]
    }}
  }}
  cookies_config {{
    cookie_behavior = "{cookies}"
    cookies {{
      items = ["session", "{suffix}"]
    }}
  }}
  query_strings_config {{
    query_string_behavior = "whitelist"
    query_strings {{
      items = ["q", "{suffix}"]
    }}
  }}
}}

resource "aws_cloudfront_origin_request_policy" "defaults" {{
  name = "defaults"
  headers_config {{
    header_behavior = "allViewer"
  }}
  cookies_config {{
    cookie_behavior = "all"
  }}
  query_strings_config {{
    query_string_behavior = "none"
  }}
}}

resource "aws_cloudfront_response_headers_policy" "whole" {{
  name    = "whole-{suffix}"
  comment = {comment}
  cors_config {{
    access_control_allow_credentials = {truth}
    access_control_max_age_sec       = {number}
    origin_override                  = {truth}
    access_control_allow_headers {{
      items = ["X-{suffix}", "X-Fixed"]
    }}
    access_control_allow_methods {{
      items = ["GET", "{method}"]
    }}
    access_control_allow_origins {{
      items = ["https://{suffix}.example.com"]
    }}
    access_control_expose_headers {{
      items = ["X-{suffix}"]
    }}
  }}
  security_headers_config {{
    content_security_policy {{
      content_security_policy = "default-src '{suffix}'"
      override                = {truth}
    }}
    content_type_options {{
      override = {truth}
    }}
    frame_options {{
      frame_option = "{frame}"
      override     = {truth}
    }}
    referrer_policy {{
      referrer_policy = "{referrer}"
      override        = {truth}
    }}
    strict_transport_security {{
      access_control_max_age_sec = {number}
      include_subdomains         = {truth}
      preload                    = {truth}
      override                   = {truth}
    }}
    xss_protection {{
      mode_block = {truth}
      protection = true
      override   = {truth}
    }}
  }}
  server_timing_headers_config {{
    enabled       = {truth}
    sampling_rate = {number}.5
  }}
  custom_headers_config {{
    items {{
      header   = "X-Team"
      value    = "{suffix}"
      override = {truth}
    }}
    items {{
      header   = "X-Other"
      value    = "fixed"
      override = true
    }}
  }}
  remove_headers_config {{
    items {{
      header = "X-Powered-By-{suffix}"
    }}
  }}
}}

resource "aws_cloudfront_response_headers_policy" "small" {{
  name = "small"
  custom_headers_config {{
    items {{
      header   = "X-Empty"
      value    = "v"
      override = false
    }}
  }}
}}
"""

REST = """
resource "aws_cloudfront_origin_access_identity" "site" {{
  comment = {comment}
}}

resource "aws_cloudfront_origin_access_identity" "plain" {{
}}

resource "aws_cloudfront_realtime_log_config" "logs" {{
  name          = "logs"
  sampling_rate = {number}
  fields        = ["timestamp", "c-ip", "{field}"]
  endpoint {{
    stream_type = "Kinesis"
    kinesis_stream_config {{
      role_arn   = "arn:aws:iam::000000000000:role/{suffix}"
      stream_arn = "arn:aws:kinesis:us-east-1:000000000000:stream/{suffix}"
    }}
  }}
}}

data "aws_cloudfront_origin_request_policy" "all_viewer" {{
  name = "Managed-AllViewer"
}}

data "aws_cloudfront_origin_request_policy" "cloudfront_headers" {{
  name = "Managed-AllViewerAndCloudFrontHeaders-2022-06"
}}

data "aws_cloudfront_origin_request_policy" "own" {{
  id = aws_cloudfront_origin_request_policy.forward.id
}}

data "aws_cloudfront_response_headers_policy" "managed" {{
  for_each = toset([
    "Managed-SimpleCORS", "Managed-CORS-With-Preflight", "Managed-SecurityHeadersPolicy",
    "Managed-CORS-and-SecurityHeadersPolicy", "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
  ])
  name = each.key
}}

data "aws_cloudfront_response_headers_policy" "own" {{
  id = aws_cloudfront_response_headers_policy.whole.id
}}

data "aws_cloudfront_origin_access_identity" "site" {{
  id = aws_cloudfront_origin_access_identity.site.id
}}

data "aws_cloudfront_origin_access_identities" "all" {{
  comments   = [{comment}]
  depends_on = [aws_cloudfront_origin_access_identity.site]
}}

data "aws_cloudfront_realtime_log_config" "logs" {{
  name = aws_cloudfront_realtime_log_config.logs.name
}}

output "found" {{
  value = {{
    all_viewer = data.aws_cloudfront_origin_request_policy.all_viewer.id
    headers    = length(one(data.aws_cloudfront_origin_request_policy.cloudfront_headers.headers_config).headers[0].items)
    forward    = data.aws_cloudfront_origin_request_policy.own.comment
    managed    = {{ for name, policy in data.aws_cloudfront_response_headers_policy.managed : name => policy.id }}
    whole      = data.aws_cloudfront_response_headers_policy.own.comment
    identity   = data.aws_cloudfront_origin_access_identity.site.s3_canonical_user_id
    identities = data.aws_cloudfront_origin_access_identities.all.ids
    logs       = data.aws_cloudfront_realtime_log_config.logs.sampling_rate
  }}
}}
"""

FIRST = {
    "suffix": "One", "comment": hcl("first"), "headers": "allViewerAndWhitelistCloudFront", "cookies": "whitelist",
    "truth": "true", "number": 5, "method": "PUT", "frame": "DENY", "referrer": "origin", "field": "cs-host",
}
SECOND = {
    "suffix": "Two", "comment": hcl("second"), "headers": "whitelist", "cookies": "allExcept", "truth": "false",
    "number": 60, "method": "POST", "frame": "SAMEORIGIN", "referrer": "same-origin", "field": "sc-status",
}

ADDRESSES = {
    "aws_cloudfront_origin_request_policy.forward": "id",
    "aws_cloudfront_response_headers_policy.whole": "id",
    "aws_cloudfront_origin_access_identity.site": "id",
    "aws_cloudfront_realtime_log_config.logs": "arn",
}


def remaining(control):
    """How many of each family there are, without the managed ones."""
    return [
        control.list_origin_request_policies(Type="custom")["OriginRequestPolicyList"]["Quantity"],
        control.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"]["Quantity"],
        control.list_cloud_front_origin_access_identities()["CloudFrontOriginAccessIdentityList"]["Quantity"],
        len(control.list_realtime_log_configs()["RealtimeLogConfigs"].get("Items", [])),
    ]


@pytest.mark.timeout(10 * MINUTES)
def test_policies_identities_and_logs_are_made_changed_imported_and_destroyed(project):
    control = client(project.server, "cloudfront")
    project.apply((POLICIES + REST).format(**FIRST))
    ids = {address: project.state_of(address)[key] for address, key in ADDRESSES.items()}
    forward, whole, identity, _logs = ids.values()
    found = project.outputs()["found"]
    assert found["all_viewer"] == "216adef6-5c7f-47e4-b989-5492eafa07d3" and found["headers"] == 21
    assert found["managed"]["Managed-SimpleCORS"] == "60669652-455b-4ae9-85a4-c4c02393f86c"
    assert (found["forward"], found["whole"], found["logs"]) == ("first", "first", 5)
    state = project.state_of("aws_cloudfront_origin_access_identity.site")
    assert (found["identity"], found["identities"]) == (state["s3_canonical_user_id"], [identity])
    assert state["cloudfront_access_identity_path"] == f"origin-access-identity/cloudfront/{identity}"
    project.expect_no_drift()

    # Everything that can change in place does.
    project.apply((POLICIES + REST).format(**SECOND))
    assert {address: project.state_of(address)[key] for address, key in ADDRESSES.items()} == ids
    assert remaining(control) == [2, 2, 2, 1]
    policy = control.get_origin_request_policy_config(Id=forward)["OriginRequestPolicyConfig"]
    assert (policy["Name"], policy["CookiesConfig"]["CookieBehavior"]) == ("forward-Two", "allExcept")
    policy = control.get_response_headers_policy_config(Id=whole)["ResponseHeadersPolicyConfig"]
    assert policy["ServerTimingHeadersConfig"] == {"Enabled": False, "SamplingRate": 60.5}
    assert policy["SecurityHeadersConfig"]["FrameOptions"] == {"FrameOption": "SAMEORIGIN", "Override": False}
    logs = control.get_realtime_log_config(Name="logs")["RealtimeLogConfig"]
    assert (logs["SamplingRate"], set(logs["Fields"])) == (60, {"timestamp", "c-ip", "sc-status"})
    project.expect_no_drift()

    project.import_again(ids)
    project.expect_no_drift()

    # Sections can go, too.
    small = POLICIES.split('resource "aws_cloudfront_response_headers_policy" "whole"')[0] + """
resource "aws_cloudfront_response_headers_policy" "whole" {{
  name = "whole-{suffix}"
  cors_config {{
    access_control_allow_credentials = false
    origin_override                  = false
    access_control_allow_headers {{
      items = ["*"]
    }}
    access_control_allow_methods {{
      items = ["ALL"]
    }}
    access_control_allow_origins {{
      items = ["*"]
    }}
  }}
}}
""" + REST
    project.apply(small.format(**SECOND))
    policy = control.get_response_headers_policy_config(Id=whole)["ResponseHeadersPolicyConfig"]
    assert set(policy) == {"Name", "CorsConfig"}
    project.expect_no_drift()

    project.destroy()
    assert remaining(control) == [0, 0, 0, 0]


VPC_ORIGIN = """
resource "aws_cloudfront_vpc_origin" "web" {{
  vpc_origin_endpoint_config {{
    name                   = "web-{suffix}"
    arn                    = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/{suffix}"
    http_port              = {http}
    https_port             = {https}
    origin_protocol_policy = "{protocol}"
    origin_ssl_protocols {{
      items    = {protocols}
      quantity = length({protocols})
    }}
  }}
  tags = {{
    team = "{suffix}"
  }}
}}
"""


@pytest.mark.long
@pytest.mark.timeout(15 * MINUTES)
def test_a_vpc_origin_is_made_changed_imported_and_destroyed(project):
    project.patience = 10 * MINUTES
    control = client(project.server, "cloudfront")
    address = "aws_cloudfront_vpc_origin.web"
    first = {"suffix": "one", "http": 80, "https": 443, "protocol": "https-only", "protocols": '["TLSv1.2"]'}
    project.apply(VPC_ORIGIN.format(**first))
    state = project.state_of(address)
    assert state["arn"] == f"arn:aws:cloudfront::000000000000:vpcorigin/{state['id']}"
    project.expect_no_drift()
    second = {
        "suffix": "two", "http": 8080, "https": 8443, "protocol": "match-viewer",
        "protocols": '["TLSv1.1", "TLSv1.2"]',
    }
    project.apply(VPC_ORIGIN.format(**second))
    assert project.state_of(address)["id"] == state["id"]
    config = control.get_vpc_origin(Id=state["id"])["VpcOrigin"]["VpcOriginEndpointConfig"]
    assert (config["Name"], config["HTTPPort"], config["OriginProtocolPolicy"]) == ("web-two", 8080, "match-viewer")
    tags = control.list_tags_for_resource(Resource=state["arn"])["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "two"}]
    project.expect_no_drift()
    project.import_again({address: state["id"]})
    project.expect_no_drift()
    project.destroy()
    assert control.list_vpc_origins()["VpcOriginList"]["Quantity"] == 0
