"""Distributions: the least that a create takes, all that a configuration can say, and changes of either."""

import copy

import functions
from clients import unique_name
from keys import encryption_config, entity, new_key_group, new_profile, new_public_key

# Managed policies, by ids that are the service's own.
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

BUCKET = "pages.s3.us-east-1.amazonaws.com"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/54947df8-0e9e-4471-a2f9-9af509fb5889"
LAMBDA = "arn:aws:lambda:us-east-1:111122223333:function:rewrite"
WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/473e64fd-f30b-4765-81a0-62ad96dd167a"
NOWHERE = "00000000-0000-4000-8000-000000000000"

# The ETags of the first versions of a record: 0, 1, 2, 3.
ETAGS = ["E23ZP02F085DFQ", "ETVPDKIKX0DER", "E3UN6WX5RRO2AG", "E1F83G8C2ARO7P"]

# What a list shows of each distribution, and nothing else.
SUMMARY = {
    "Id", "ARN", "ETag", "Status", "LastModifiedTime", "DomainName", "Aliases", "Origins", "OriginGroups",
    "DefaultCacheBehavior", "CacheBehaviors", "CustomErrorResponses", "Comment", "PriceClass", "Enabled",
    "ViewerCertificate", "Restrictions", "WebACLId", "HttpVersion", "IsIPV6Enabled", "Staging", "ConnectionMode",
}

# What `changed` takes for a member that is to be left out.
ABSENT = object()


def counted(*items):
    """A list as a configuration has it; an empty one has no items."""
    return {"Quantity": len(items), "Items": list(items)} if items else {"Quantity": 0}


def server_origin(name="site", **more):
    """An origin that is a web server."""
    return {
        "Id": name,
        "DomainName": "origin.example.com",
        "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": counted("TLSv1.2"),
        },
        **more,
    }


def bucket_origin(name="pages", identity="", **more):
    """An origin that is a bucket."""
    return {"Id": name, "DomainName": BUCKET, "S3OriginConfig": {"OriginAccessIdentity": identity}, **more}


def behavior(target="site", **more):
    """A cache behavior with a managed cache policy."""
    return {
        "TargetOriginId": target, "ViewerProtocolPolicy": "allow-all", "CachePolicyId": CACHING_OPTIMIZED, **more
    }


def forwarding(target="site", **more):
    """A cache behavior of the older kind, without a cache policy."""
    values = {"QueryString": False, "Cookies": {"Forward": "none"}}
    return {
        "TargetOriginId": target, "ViewerProtocolPolicy": "allow-all", "ForwardedValues": values, "MinTTL": 0, **more
    }


def configuration(**more):
    """The least that a create takes, with a CallerReference of its own."""
    return {
        "CallerReference": unique_name("reference"),
        "Origins": counted(server_origin()),
        "DefaultCacheBehavior": behavior(),
        "Comment": "",
        "Enabled": True,
        **more,
    }


def with_aliases(*names, **more):
    """Members of a configuration with aliases and a certificate for them."""
    return {"Aliases": counted(*names), "ViewerCertificate": acm_certificate(**more)}


def acm_certificate(**more):
    return {
        "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021",
        **more,
    }


def resources_of(control):
    """One of each that a distribution can refer to."""
    function = functions.published(control)
    stage = control.describe_function(Name=function, Stage="LIVE")
    access = control.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": unique_name("access"), "SigningProtocol": "sigv4", "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )
    policy = control.create_cache_policy(CachePolicyConfig={"Name": unique_name("policy"), "MinTTL": 1})
    key = new_public_key(control)
    profile = new_profile(control, entity(key, "card"))
    encryption = control.create_field_level_encryption_config(FieldLevelEncryptionConfig=encryption_config(profile))
    return {
        "function name": function,
        "function": stage["FunctionSummary"]["FunctionMetadata"]["FunctionARN"],
        "access": access["OriginAccessControl"]["Id"],
        "cache policy": policy["CachePolicy"]["Id"],
        "key": key,
        "key group": new_key_group(control, [key]),
        "encryption": encryption["FieldLevelEncryption"]["Id"],
    }


def everything(resources):
    """A configuration that says every member that a standard distribution can have, with what it refers to."""
    methods = counted("HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH")
    return configuration(
        **with_aliases("www.everything.example", "*.everything.example"),
        DefaultRootObject="index.html",
        Origins=counted(
            bucket_origin(
                "pages",
                OriginPath="/site",
                OriginAccessControlId=resources["access"],
                CustomHeaders=counted({"HeaderName": "X-From", "HeaderValue": "edge"}),
                ConnectionAttempts=2,
                ConnectionTimeout=5,
                OriginShield={"Enabled": True, "OriginShieldRegion": "eu-central-1"},
            ),
            bucket_origin("spare", DomainName="spare.s3.amazonaws.com"),
            server_origin(
                "server",
                CustomOriginConfig={
                    "HTTPPort": 8080, "HTTPSPort": 8443, "OriginProtocolPolicy": "match-viewer",
                    "OriginSslProtocols": counted("TLSv1.1", "TLSv1.2"), "OriginReadTimeout": 45,
                    "OriginKeepaliveTimeout": 20, "IpAddressType": "dualstack",
                },
            ),
        ),
        OriginGroups=counted(
            {
                "Id": "both",
                "FailoverCriteria": {"StatusCodes": counted(500, 503)},
                "Members": counted({"OriginId": "pages"}, {"OriginId": "spare"}),
                "SelectionCriteria": "default",
            }
        ),
        DefaultCacheBehavior=behavior(
            "both",
            ViewerProtocolPolicy="redirect-to-https",
            AllowedMethods={**counted("HEAD", "GET", "OPTIONS"), "CachedMethods": counted("HEAD", "GET", "OPTIONS")},
            Compress=True,
            FunctionAssociations=counted(
                {"FunctionARN": resources["function"], "EventType": "viewer-request"},
                {"FunctionARN": resources["function"], "EventType": "viewer-response"},
            ),
            TrustedKeyGroups={"Enabled": True, **counted(resources["key group"])},
        ),
        CacheBehaviors=counted(
            forwarding(
                "server",
                PathPattern="/api/*",
                ViewerProtocolPolicy="https-only",
                AllowedMethods={**methods, "CachedMethods": counted("HEAD", "GET")},
                ForwardedValues={
                    "QueryString": True,
                    "Cookies": {"Forward": "whitelist", "WhitelistedNames": counted("session")},
                    "Headers": counted("Host", "Origin"),
                    "QueryStringCacheKeys": counted("page"),
                },
                MinTTL=1, DefaultTTL=60, MaxTTL=600,
                FieldLevelEncryptionId=resources["encryption"],
                LambdaFunctionAssociations=counted(
                    {"LambdaFunctionARN": f"{LAMBDA}:1", "EventType": "origin-request", "IncludeBody": True}
                ),
            ),
            behavior("server", PathPattern="*.m3u8", CachePolicyId=resources["cache policy"], SmoothStreaming=True),
        ),
        CustomErrorResponses=counted(
            {"ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "200", "ErrorCachingMinTTL": 30},
            {"ErrorCode": 503},
        ),
        Comment="everything",
        Logging={
            "Enabled": True, "IncludeCookies": True, "Bucket": "logs.s3.amazonaws.com", "Prefix": "site/",
        },
        PriceClass="PriceClass_100",
        Restrictions={"GeoRestriction": {"RestrictionType": "whitelist", **counted("DE", "AT")}},
        WebACLId=WEB_ACL,
        HttpVersion="http2and3",
        IsIPV6Enabled=False,
        Staging=False,
    )


def new_distribution(control, **more):
    """Creates one from the least that is needed and what is given."""
    return control.create_distribution(DistributionConfig=configuration(**more))


def read(control, name):
    return control.get_distribution(Id=name)["Distribution"]


def id_of(answer):
    return answer["Distribution"]["Id"]


def changed(document, **changes):
    """A copy with changes. `Origins__0__OriginPath` is a member of the first item of Origins."""
    document = copy.deepcopy(document)
    for path, value in changes.items():
        *way, last = path.split("__")
        place = document
        for step in way:
            place = place["Items"][int(step)] if step.isdigit() else place[step]
        if value is ABSENT:
            del place[last]
        else:
            place[last] = value
    return document


def remove(control, name):
    """Disables a distribution, and deletes it."""
    held = control.get_distribution_config(Id=name)
    off = changed(held["DistributionConfig"], Enabled=False)
    updated = control.update_distribution(Id=name, IfMatch=held["ETag"], DistributionConfig=off)
    control.delete_distribution(Id=name, IfMatch=updated["ETag"])
