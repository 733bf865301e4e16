"""What a distribution cannot be: what a configuration says, and the code, status and text that refuse it."""

import html
import re

from clients import error_of
from distributions import (
    ABSENT, BUCKET, CERTIFICATE, LAMBDA, NOWHERE, WEB_ACL, acm_certificate, behavior, bucket_origin, changed, counted,
    forwarding, server_origin, with_aliases,
)

NO_ORIGIN = "One or more of your origins or origin groups do not exist."
TTL_ORDER = (
    "MinTTL, MaxTTL and DefaultTTL should follow order MinTTL less than or equal to DefaultTTL less than or equal to "
    "MaxTTL"
)
GUIDE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html"
    "#alternate-domain-names-requirements"
)
NEEDS_CERTIFICATE = (
    "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that "
    f"validates your authorization to use the domain name. For more details, see: {GUIDE}"
)
TWO_CERTIFICATES = (
    "You cannot specify more than one of ACMCertificateArn, IAMCertificateId, or CloudFrontDefaultCertificate."
)
NO_IDENTITY = "The specified origin access identity does not exist or is not valid."
NOT_A_BUCKET = "The parameter Origin DomainName does not refer to a valid S3 bucket."
ONE_KIND = "Exactly one of CustomOriginConfig and S3OriginConfig must be specified"
PAGE_AND_CODE = "Your request must specify both ResponsePagePath and ResponseCode together or none of them."

# The text is the model's sentence.
MODEL = object()

ALL_METHODS = counted("HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH")
GROUP = {
    "Id": "group", "FailoverCriteria": {"StatusCodes": counted(500)},
    "Members": counted({"OriginId": "site"}, {"OriginId": "other"}),
}
TWO_ORIGINS = counted(server_origin(), server_origin("other"))


def server(**more):
    """The only origin, with changes of its configuration."""
    origin = server_origin()
    return {"Origins": counted({**origin, "CustomOriginConfig": {**origin["CustomOriginConfig"], **more}})}


def default(**more):
    return {"DefaultCacheBehavior": behavior(**more)}


def forwarded(ttls=None, **more):
    """The default cache behavior of the older kind, with changes of what is forwarded."""
    values = {"QueryString": False, "Cookies": {"Forward": "none"}, **more}
    return {"DefaultCacheBehavior": forwarding(ForwardedValues=values, **(ttls or {}))}


def from_bucket(origin=None, **more):
    return {"Origins": counted(bucket_origin("site", **(origin or {}))), **more}


def error_page(**page):
    return {"CustomErrorResponses": counted({"ErrorCode": 404, **page})}


def lambda_at(arn, event="viewer-request", **more):
    return default(LambdaFunctionAssociations=counted({"LambdaFunctionARN": arn, "EventType": event, **more}))


def invalid(name):
    return ("InvalidArgument", 400, f"The parameter {name} is invalid.")


def required(name):
    return ("InvalidArgument", 400, f"The parameter {name} is required.")


def too_big(name):
    return ("InvalidArgument", 400, f"The parameter {name} is too big.")


def not_unique(name):
    return ("InvalidArgument", 400, f"The parameter {name} is not unique.")


def argument(text):
    return ("InvalidArgument", 400, text)


# What a configuration has in place of the least that a create takes, and how it is refused. Where the text is None the
# service's is not known; with MODEL it is the sentence that the model has for the error.
REFUSED = {
    # Origins.
    "a target that names neither an origin nor a group": (
        default(TargetOriginId="nowhere"), ("NoSuchOrigin", 404, NO_ORIGIN)),
    "another behavior without origin": (
        {"CacheBehaviors": counted(behavior("nowhere", PathPattern="/a"))}, ("NoSuchOrigin", 404, NO_ORIGIN)),
    "an origin of no kind": ({"Origins": counted({"Id": "site", "DomainName": BUCKET})}, argument(ONE_KIND)),
    "an origin of two kinds": (
        {"Origins": counted({**server_origin(), "S3OriginConfig": {"OriginAccessIdentity": ""}})}, argument(ONE_KIND)),
    "a bucket that is none": (from_bucket({"DomainName": "www.example.com"}), argument(NOT_A_BUCKET)),
    "a website as a bucket": (
        from_bucket({"DomainName": "pages.s3-website-us-east-1.amazonaws.com"}), argument(NOT_A_BUCKET)),
    "a port in the domain": (
        {"Origins": counted(server_origin(DomainName="example.com:80"))},
        argument("The parameter origin name cannot contain a colon.")),
    "no domain": (
        {"Origins": counted(server_origin(DomainName="localhost"))},
        argument("The parameter origin name must be a domain name.")),
    "an address": (
        {"Origins": counted(server_origin(DomainName="192.0.2.1"))},
        argument("The parameter origin name cannot be an IP address")),
    "an origin id twice": ({"Origins": counted(server_origin(), server_origin())}, not_unique("Id")),
    "an origin access identity that is unknown": (
        from_bucket({"S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E1UNKNOWN"}}),
        ("InvalidOriginAccessIdentity", 400, NO_IDENTITY)),
    "an origin access identity that is malformed": (
        from_bucket({"S3OriginConfig": {"OriginAccessIdentity": "E1"}}),
        ("InvalidOriginAccessIdentity", 400, NO_IDENTITY)),
    "an origin access control that is unknown": (
        from_bucket({"OriginAccessControlId": "E1UNKNOWN"}), ("InvalidOriginAccessControl", 400, MODEL)),
    "access control and identity": (
        from_bucket({
            "OriginAccessControlId": "E1UNKNOWN",
            "S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E1UNKNOWN"},
        }),
        ("IllegalOriginAccessConfiguration", 400, MODEL)),
    "a path without a slash": ({"Origins": counted(server_origin(OriginPath="path"))}, invalid("OriginPath")),
    "a port that is reserved": (server(HTTPPort=22), invalid("HTTPPort")),
    "a response timeout of nothing": (server(OriginReadTimeout=0), ("InvalidOriginReadTimeout", 400, MODEL)),
    "a response timeout that is too long": (server(OriginReadTimeout=121), ("InvalidOriginReadTimeout", 400, MODEL)),
    "a keep-alive that is too long": (
        server(OriginKeepaliveTimeout=121), ("InvalidOriginKeepaliveTimeout", 400, MODEL)),
    "four attempts": ({"Origins": counted(server_origin(ConnectionAttempts=4))}, invalid("ConnectionAttempts")),
    "eleven seconds to connect": (
        {"Origins": counted(server_origin(ConnectionTimeout=11))}, invalid("ConnectionTimeout")),
    "a shield without a region": (
        {"Origins": counted(server_origin(OriginShield={"Enabled": True}))}, required("OriginShieldRegion")),
    # Groups.
    "a group with an unknown member": (
        {"OriginGroups": counted(GROUP)}, ("NoSuchOrigin", 404, NO_ORIGIN)),
    "a group with one origin twice": (
        {"OriginGroups": counted({**GROUP, "Members": counted({"OriginId": "site"}, {"OriginId": "site"})})},
        not_unique("OriginId")),
    "writes to a group": (
        {
            "Origins": TWO_ORIGINS, "OriginGroups": counted(GROUP),
            "DefaultCacheBehavior": behavior("group", AllowedMethods=ALL_METHODS),
        },
        argument(
            "The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior associated "
            "with an origin group."
        )),
    # Caching.
    "neither policy nor forwarded values": (
        {"DefaultCacheBehavior": changed(behavior(), CachePolicyId=ABSENT)}, required("ForwardedValues")),
    "forwarded values without MinTTL": (
        {"DefaultCacheBehavior": changed(forwarding(), MinTTL=ABSENT)}, required("MinTTL")),
    "a policy and forwarded values": (
        default(ForwardedValues={"QueryString": False, "Cookies": {"Forward": "none"}}),
        argument(
            "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior."
        )),
    "a policy and a TTL": (
        default(MinTTL=0),
        argument("The parameter MinTTL cannot be used when a cache policy is associated to the cache behavior.")),
    "TTLs in the wrong order": (
        forwarded({"MinTTL": 10, "DefaultTTL": 5, "MaxTTL": 20}), ("InvalidTTLOrder", 400, TTL_ORDER)),
    "a cache policy that is unknown": (
        default(CachePolicyId=NOWHERE), ("NoSuchCachePolicy", 404, "The specified cache policy does not exist.")),
    "an origin request policy that is unknown": (
        default(OriginRequestPolicyId=NOWHERE),
        ("NoSuchOriginRequestPolicy", 404, "The specified origin request policy does not exist.")),
    "a response headers policy that is unknown": (
        default(ResponseHeadersPolicyId=NOWHERE),
        ("NoSuchResponseHeadersPolicy", 404, "The specified response headers policy does not exist.")),
    "a log configuration that is unknown": (
        default(RealtimeLogConfigArn="arn:aws:cloudfront::000000000000:realtime-log-config/none"),
        ("NoSuchRealtimeLogConfig", 404, MODEL)),
    "methods that are not one of the three sets": (
        default(AllowedMethods=counted("GET", "POST")), invalid("AllowedMethods")),
    "cached methods that are not one of the two sets": (
        default(AllowedMethods={**ALL_METHODS, "CachedMethods": counted("HEAD", "GET", "POST")}),
        invalid("CachedMethods")),
    "a whitelist without names of cookies": (
        forwarded(Cookies={"Forward": "whitelist"}), ("InvalidForwardCookies", 400, MODEL)),
    "a query string without name": (
        forwarded(QueryString=True, QueryStringCacheKeys=counted("")), ("InvalidQueryStringParameters", 400, MODEL)),
    "a header that a bucket does not get": (
        {**from_bucket(), **forwarded(Headers=counted("Host"))}, ("InvalidHeadersForS3Origin", 400, MODEL)),
    # Behaviors.
    "a pattern twice": (
        {"CacheBehaviors": counted(behavior(PathPattern="/a"), behavior(PathPattern="/a"))},
        not_unique("PathPattern")),
    "a pattern that is too long": (
        {"CacheBehaviors": counted(behavior(PathPattern="/" + "a" * 255))}, too_big("PathPattern")),
    "a trusted signer that is not an account number": (
        default(TrustedSigners={"Enabled": True, **counted("someone")}), ("TrustedSignerDoesNotExist", 400, MODEL)),
    "a key group that is unknown": (
        default(TrustedKeyGroups={"Enabled": True, **counted(NOWHERE)}), ("TrustedKeyGroupDoesNotExist", 400, MODEL)),
    "field-level encryption that is unknown": (
        default(
            FieldLevelEncryptionId="C1UNKNOWN", ViewerProtocolPolicy="https-only", AllowedMethods=ALL_METHODS),
        ("NoSuchFieldLevelEncryptionConfig", 404, MODEL)),
    "field-level encryption over HTTP": (
        default(FieldLevelEncryptionId="C1UNKNOWN", AllowedMethods=ALL_METHODS),
        ("IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior", 400, MODEL)),
    "gRPC without POST": (default(GrpcConfig={"Enabled": True}), invalid("GrpcConfig")),
    # Functions.
    "a Lambda function without version": (
        lambda_at(LAMBDA),
        ("InvalidLambdaFunctionAssociation", 400,
         "The function ARN must reference a specific function version. (The ARN must end with the version number.) "
         f"ARN: {LAMBDA}")),
    "a Lambda function twice on an event": (
        default(LambdaFunctionAssociations=counted(
            *({"LambdaFunctionARN": f"{LAMBDA}:{version}", "EventType": "viewer-request"} for version in (1, 2)))),
        ("InvalidLambdaFunctionAssociation", 400, MODEL)),
    "a body for a response": (
        lambda_at(f"{LAMBDA}:1", "viewer-response", IncludeBody=True),
        ("InvalidLambdaFunctionAssociation", 400, MODEL)),
    "a function that is unknown": (
        default(FunctionAssociations=counted(
            {"FunctionARN": "arn:aws:cloudfront::000000000000:function/none", "EventType": "viewer-request"})),
        ("InvalidFunctionAssociation", 400, "The parameter FunctionAssociationArn is invalid")),
    "a function on an event of the origin": (
        default(FunctionAssociations=counted(
            {"FunctionARN": "arn:aws:cloudfront::000000000000:function/none", "EventType": "origin-request"})),
        ("MalformedXML", 400,
         "1 validation error detected: Value 'origin-request' at "
         "'distributionConfig.defaultCacheBehavior.functionAssociations.items.1.member.eventType' failed to satisfy "
         "constraint: Member must satisfy value set: [viewer-request, viewer-response]")),
    # Error pages.
    "a page without code": (error_page(ResponsePagePath="/404.html"), argument(PAGE_AND_CODE)),
    "a code without page": (error_page(ResponseCode="200"), argument(PAGE_AND_CODE)),
    "an error that has no page": (
        {"CustomErrorResponses": counted({"ErrorCode": 401})}, ("InvalidErrorCode", 400, MODEL)),
    "a response code that is none": (
        error_page(ResponsePagePath="/a", ResponseCode="201"), ("InvalidResponseCode", 400, MODEL)),
    "an error page that is not a path": (
        error_page(ResponsePagePath="404.html", ResponseCode="200"), ("InvalidRelativePath", 400, MODEL)),
    # Aliases and certificates.
    "an alias without certificate": (
        {"Aliases": counted("www.example.com")}, ("InvalidViewerCertificate", 400, NEEDS_CERTIFICATE)),
    "two certificates": (
        {"ViewerCertificate": acm_certificate(IAMCertificateId="ASCAEXAMPLE")},
        ("InvalidViewerCertificate", 400, TWO_CERTIFICATES)),
    "a certificate and the default one": (
        {"ViewerCertificate": acm_certificate(CloudFrontDefaultCertificate=True)},
        ("InvalidViewerCertificate", 400, TWO_CERTIFICATES)),
    "a certificate of another region": (
        {"ViewerCertificate": acm_certificate(ACMCertificateArn=CERTIFICATE.replace("us-east-1", "eu-west-1"))},
        ("InvalidViewerCertificate", 400,
         "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
         "valid certificate chain.")),
    "a certificate without a method": (
        {"ViewerCertificate": {"ACMCertificateArn": CERTIFICATE}}, required("SSLSupportMethod")),
    "SSLv3 by server name": (
        {"ViewerCertificate": acm_certificate(MinimumProtocolVersion="SSLv3")},
        ("InvalidProtocolSettings", 400, MODEL)),
    "an alias in capitals": (with_aliases("WWW.example.com"), argument(None)),
    # The rest.
    "a root object that is too long": (
        {"DefaultRootObject": "a" * 256}, ("InvalidDefaultRootObject", 400, MODEL)),
    "a comment that is too long": ({"Comment": "a" * 129}, too_big("Comment")),
    "a log bucket that is none": (
        {"Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "logs", "Prefix": ""}}, argument(None)),
    "a country that is none": (
        {"Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist", **counted("XX")}}},
        ("InvalidLocationCode", 400, MODEL)),
    "countries without restriction": (
        {"Restrictions": {"GeoRestriction": {"RestrictionType": "none", **counted("DE")}}},
        ("InvalidGeoRestrictionParameter", 400, MODEL)),
    "a regional web ACL": (
        {"WebACLId": WEB_ACL.replace("global", "regional")},
        ("InvalidWebACLId", 400, "Only global scoped ARNs are supported")),
    "a continuous deployment policy at creation": (
        {"ContinuousDeploymentPolicyId": NOWHERE},
        argument("Continuous deployment policy is not supported during distribution creation.")),
    "a quantity that is not that of the items": (
        {"Aliases": {"Quantity": 1}}, ("InconsistentQuantities", 400, MODEL)),
    "a wrong count of countries": (
        {"Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist", "Quantity": 2, "Items": ["DE"]}}},
        ("InconsistentQuantities", 400, MODEL)),
    "a word that is none of an enumeration": (
        default(ViewerProtocolPolicy="http-only"),
        ("MalformedXML", 400,
         "1 validation error detected: Value 'http-only' at "
         "'distributionConfig.defaultCacheBehavior.viewerProtocolPolicy' failed to satisfy constraint: Member must "
         "satisfy value set: [allow-all, https-only, redirect-to-https]")),
}


def sentence(control, code):
    """What the model says of an error, as plain text."""
    text = re.sub("<[^>]*>", "", control.meta.service_model.shape_for(code).documentation)
    return html.unescape(text)


def check(control, failure, expected):
    """That a failure is of the expected class, with code, status and text."""
    code, status, text = expected
    assert isinstance(failure.value, control.exceptions.from_code(code)), f"{failure.value} and not {expected}"
    seen = error_of(failure)
    text = sentence(control, code) if text is MODEL else text or seen[2]
    assert seen == (code, status, text), f"{seen} and not {(code, status, text)}"
