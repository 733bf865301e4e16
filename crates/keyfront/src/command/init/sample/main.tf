terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

# The store, and the pairs of redirects.json as all that is in it.
resource "aws_cloudfront_key_value_store" "redirects" {
  name = "redirects"
}

resource "aws_cloudfrontkeyvaluestore_keys_exclusive" "redirects" {
  key_value_store_arn = aws_cloudfront_key_value_store.redirects.arn

  dynamic "resource_key_value_pair" {
    for_each = jsondecode(file("redirects.json"))
    content {
      key   = resource_key_value_pair.key
      value = resource_key_value_pair.value
    }
  }
}

resource "aws_cloudfront_function" "redirects" {
  name                         = "redirects"
  runtime                      = "cloudfront-js-2.0"
  code                         = file("functions/redirects/function.js")
  key_value_store_associations = [aws_cloudfront_key_value_store.redirects.arn]
}

# The key pair that signs URLs of /private/.
resource "aws_cloudfront_public_key" "subscribers" {
  name        = "subscribers"
  encoded_key = file("keys/public_key.pem")
}

resource "aws_cloudfront_key_group" "subscribers" {
  name  = "subscribers"
  items = [aws_cloudfront_public_key.subscribers.id]
}

# The pages are in a bucket, for which the folder site stands in here.
resource "aws_cloudfront_origin_access_control" "pages" {
  name                              = "pages"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

locals {
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
}

resource "aws_cloudfront_distribution" "site" {
  enabled             = true
  wait_for_deployment = false

  origin {
    origin_id                = "pages"
    domain_name              = "pages.s3.us-east-1.amazonaws.com"
    origin_access_control_id = aws_cloudfront_origin_access_control.pages.id
  }

  default_cache_behavior {
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = local.caching_optimized

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.redirects.arn
    }
  }

  ordered_cache_behavior {
    path_pattern           = "/private/*"
    target_origin_id       = "pages"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = local.caching_optimized
    trusted_key_groups     = [aws_cloudfront_key_group.subscribers.id]
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

output "site" {
  value = aws_cloudfront_distribution.site.id
}

output "key_pair_id" {
  value = aws_cloudfront_public_key.subscribers.id
}
