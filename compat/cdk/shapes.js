// Stacks as people write them, each with the constructs of its kind. `synth.sh` writes their templates to the folder shapes.
const { readFileSync } = require("node:fs");
const cdk = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const apigateway = require("aws-cdk-lib/aws-apigateway");
const cloudfront = require("aws-cdk-lib/aws-cloudfront");
const ec2 = require("aws-cdk-lib/aws-ec2");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const kinesis = require("aws-cdk-lib/aws-kinesis");
const lambda = require("aws-cdk-lib/aws-lambda");
const origins = require("aws-cdk-lib/aws-cloudfront-origins");
const route53 = require("aws-cdk-lib/aws-route53");
const s3 = require("aws-cdk-lib/aws-s3");
const targets = require("aws-cdk-lib/aws-route53-targets");

const app = new cdk.App({ analyticsReporting: false });
const CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/1";
const { ViewerProtocolPolicy, FunctionEventType } = cloudfront;

/** Defines a stack; `fill` adds what is in it, and its outputs. */
function shape(name, fill) {
  const stack = new cdk.Stack(app, name);
  for (const [output, value] of Object.entries(fill(stack) ?? {})) new cdk.CfnOutput(stack, output, { value });
  return stack;
}

shape("Website", (stack) => {
  const bucket = new s3.Bucket(stack, "Files", {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    removalPolicy: cdk.RemovalPolicy.DESTROY,
  });
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, "Zone", {
    hostedZoneId: "Z1",
    zoneName: "example.com",
  });
  const site = new cloudfront.Distribution(stack, "Site", {
    defaultRootObject: "index.html",
    domainNames: ["www.example.com"],
    certificate: acm.Certificate.fromCertificateArn(stack, "Certificate", CERTIFICATE),
    minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    defaultBehavior: {
      origin: origins.S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
    },
  });
  const target = route53.RecordTarget.fromAlias(new targets.CloudFrontTarget(site));
  new route53.ARecord(stack, "Record", { zone, recordName: "www", target });
  return { Url: `https://${site.distributionDomainName}`, Id: site.distributionId };
});

shape("SinglePageApp", (stack) => {
  const bucket = new s3.Bucket(stack, "Files");
  const page = (httpStatus) => ({
    httpStatus,
    responseHttpStatus: 200,
    responsePagePath: "/index.html",
    ttl: cdk.Duration.seconds(0),
  });
  new cloudfront.Distribution(stack, "App", {
    defaultRootObject: "index.html",
    errorResponses: [page(403), page(404)],
    defaultBehavior: {
      origin: origins.S3BucketOrigin.withOriginAccessIdentity(bucket),
      responseHeadersPolicy: cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    },
    additionalBehaviors: {
      "static/*": {
        origin: origins.S3BucketOrigin.withBucketDefaults(bucket),
        cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      },
    },
  });
});

shape("FunctionsWithStore", (stack) => {
  const keyValueStore = new cloudfront.KeyValueStore(stack, "Flags", { comment: "flags" });
  const code = cloudfront.FunctionCode.fromInline(readFileSync("redirect.js", "utf8"));
  const runtime = cloudfront.FunctionRuntime.JS_2_0;
  const request = new cloudfront.Function(stack, "Request", { code, runtime, keyValueStore });
  const response = new cloudfront.Function(stack, "Response", {
    code: cloudfront.FunctionCode.fromInline("function handler(event) { return event.response; }"),
    runtime,
  });
  new cloudfront.Distribution(stack, "Site", {
    defaultBehavior: {
      origin: new origins.HttpOrigin("origin.example"),
      functionAssociations: [
        { function: request, eventType: FunctionEventType.VIEWER_REQUEST },
        { function: response, eventType: FunctionEventType.VIEWER_RESPONSE },
      ],
    },
  });
  return { Store: keyValueStore.keyValueStoreArn, StoreId: keyValueStore.keyValueStoreId };
});

shape("SignedContent", (stack) => {
  const key = new cloudfront.PublicKey(stack, "Key", { encodedKey: readFileSync("public.pem", "utf8") });
  const group = new cloudfront.KeyGroup(stack, "Group", { items: [key] });
  new cloudfront.Distribution(stack, "Private", {
    defaultBehavior: { origin: new origins.HttpOrigin("public.example") },
    additionalBehaviors: {
      "private/*": { origin: new origins.HttpOrigin("private.example"), trustedKeyGroups: [group] },
    },
  });
  return { KeyId: key.publicKeyId, GroupId: group.keyGroupId };
});

shape("Policies", (stack) => {
  const cachePolicy = new cloudfront.CachePolicy(stack, "Caching", {
    defaultTtl: cdk.Duration.days(1),
    minTtl: cdk.Duration.minutes(1),
    maxTtl: cdk.Duration.days(10),
    cookieBehavior: cloudfront.CacheCookieBehavior.all(),
    headerBehavior: cloudfront.CacheHeaderBehavior.allowList("x-language", "cloudfront-viewer-country"),
    queryStringBehavior: cloudfront.CacheQueryStringBehavior.denyList("utm_source"),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  });
  const originRequestPolicy = new cloudfront.OriginRequestPolicy(stack, "Forwarding", {
    cookieBehavior: cloudfront.OriginRequestCookieBehavior.allowList("session"),
    headerBehavior: cloudfront.OriginRequestHeaderBehavior.all("CloudFront-Is-Mobile-Viewer"),
    queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.none(),
  });
  const responseHeadersPolicy = new cloudfront.ResponseHeadersPolicy(stack, "Headers", {
    corsBehavior: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: ["*"],
      accessControlAllowMethods: ["GET", "POST"],
      accessControlAllowOrigins: ["https://example.com"],
      accessControlExposeHeaders: ["x-version"],
      accessControlMaxAge: cdk.Duration.seconds(600),
      originOverride: true,
    },
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: "default-src 'self'", override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: cloudfront.HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: cdk.Duration.days(365),
        includeSubdomains: true,
        preload: true,
        override: true,
      },
      xssProtection: { protection: true, modeBlock: true, override: true },
    },
    customHeadersBehavior: { customHeaders: [{ header: "x-version", value: "1", override: false }] },
    removeHeaders: ["server"],
    serverTimingSamplingRate: 50,
  });
  new cloudfront.Distribution(stack, "Site", {
    defaultBehavior: {
      origin: new origins.HttpOrigin("origin.example"),
      cachePolicy,
      originRequestPolicy,
      responseHeadersPolicy,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachedMethods: cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS,
    },
  });
});

shape("Api", (stack) => {
  const code = lambda.Code.fromInline("exports.handler = async () => ({ statusCode: 200 });");
  const handler = new lambda.Function(stack, "Handler", {
    code,
    handler: "index.handler",
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  const url = handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  const api = new apigateway.LambdaRestApi(stack, "Rest", { handler });
  const dynamic = {
    allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
    cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  };
  new cloudfront.Distribution(stack, "Front", {
    defaultBehavior: { origin: origins.FunctionUrlOrigin.withOriginAccessControl(url), ...dynamic },
    additionalBehaviors: { "/api/*": { origin: new origins.RestApiOrigin(api), ...dynamic } },
  });
});

shape("Failover", (stack) => {
  const bucket = (id) => origins.S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, id));
  new cloudfront.Distribution(stack, "Site", {
    defaultBehavior: {
      origin: new origins.OriginGroup({
        primaryOrigin: bucket("Primary"),
        fallbackOrigin: bucket("Secondary"),
        fallbackStatusCodes: [403, 500, 502, 503, 504],
      }),
    },
  });
});

shape("Observed", (stack) => {
  const logs = new s3.Bucket(stack, "Logs", { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER });
  const stream = new kinesis.Stream(stack, "Stream", { streamName: "viewers" });
  const realtimeLogConfig = new cloudfront.RealtimeLogConfig(stack, "Realtime", {
    endPoints: [cloudfront.Endpoint.fromKinesisStream(stream)],
    fields: ["timestamp", "c-ip", "sc-status"],
    samplingRate: 100,
  });
  new cloudfront.Distribution(stack, "Site", {
    comment: "observed",
    enableLogging: true,
    logBucket: logs,
    logFilePrefix: "site/",
    logIncludesCookies: true,
    publishAdditionalMetrics: true,
    geoRestriction: cloudfront.GeoRestriction.allowlist("DE", "FR"),
    priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
    httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
    enableIpv6: false,
    defaultBehavior: { origin: new origins.HttpOrigin("origin.example"), realtimeLogConfig },
  });
});

shape("LoadBalancers", (stack) => {
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 0 });
  const balancer = (id, internetFacing) => new elb.ApplicationLoadBalancer(stack, id, { vpc, internetFacing });
  new cloudfront.Distribution(stack, "Front", {
    defaultBehavior: {
      origin: new origins.LoadBalancerV2Origin(balancer("Public", true), {
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        customHeaders: { "x-origin-verify": "secret" },
        connectionAttempts: 2,
        connectionTimeout: cdk.Duration.seconds(5),
        readTimeout: cdk.Duration.seconds(45),
        keepaliveTimeout: cdk.Duration.seconds(45),
        originShieldRegion: "eu-central-1",
      }),
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
    },
    additionalBehaviors: {
      "/internal/*": {
        origin: origins.VpcOrigin.withApplicationLoadBalancer(balancer("Internal", false), {
          httpPort: 8080,
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY,
        }),
      },
    },
  });
});

shape("LambdaAtEdge", (stack) => {
  const edge = new lambda.Function(stack, "Edge", {
    code: lambda.Code.fromInline("exports.handler = async (event) => event.Records[0].cf.request;"),
    handler: "index.handler",
    runtime: lambda.Runtime.NODEJS_22_X,
  });
  new cloudfront.Distribution(stack, "Site", {
    defaultBehavior: {
      origin: new origins.HttpOrigin("origin.example"),
      edgeLambdas: [
        {
          eventType: cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
          functionVersion: edge.currentVersion,
          includeBody: true,
        },
      ],
    },
  });
});

shape("WebDistribution", (stack) => {
  // The construct of CDK's first version, which older projects still have.
  const originAccessIdentity = new cloudfront.OriginAccessIdentity(stack, "Identity", { comment: "site" });
  new cloudfront.CloudFrontWebDistribution(stack, "Site", {
    viewerCertificate: cloudfront.ViewerCertificate.fromCloudFrontDefaultCertificate(),
    originConfigs: [
      {
        s3OriginSource: { s3BucketSource: new s3.Bucket(stack, "Files"), originAccessIdentity },
        behaviors: [{ isDefaultBehavior: true, defaultTtl: cdk.Duration.hours(1) }],
      },
      {
        customOriginSource: { domainName: "api.example" },
        behaviors: [
          {
            pathPattern: "/api/*",
            allowedMethods: cloudfront.CloudFrontAllowedMethods.ALL,
            forwardedValues: { queryString: true, headers: ["Authorization"], cookies: { forward: "all" } },
          },
        ],
      },
    ],
  });
});

// Two stacks: what one exports the other imports.
const shared = {};
shape("Shared", (stack) => {
  const code = cloudfront.FunctionCode.fromInline("function handler(event) { return event.request; }");
  shared.function = new cloudfront.Function(stack, "Rewrite", { code, runtime: cloudfront.FunctionRuntime.JS_2_0 });
  shared.policy = new cloudfront.CachePolicy(stack, "Caching");
});
shape("Consumer", (stack) => {
  new cloudfront.Distribution(stack, "Site", {
    defaultBehavior: {
      origin: new origins.HttpOrigin("origin.example"),
      cachePolicy: shared.policy,
      functionAssociations: [{ function: shared.function, eventType: FunctionEventType.VIEWER_REQUEST }],
    },
  });
});

// Types that have no constructs.
shape("Trust", (stack) => {
  const location = { bucket: "certificates", key: "ca.pem", region: "us-east-1" };
  const tags = [{ key: "team", value: "web" }];
  const store = new cloudfront.CfnTrustStore(stack, "Roots", {
    name: "roots",
    caCertificatesBundleSource: { caCertificatesBundleS3Location: location },
    tags,
  });
  return { Arn: store.attrArn, Status: store.attrStatus };
});
shape("Streaming", (stack) => {
  const streaming = new cloudfront.CfnStreamingDistribution(stack, "Media", {
    streamingDistributionConfig: {
      comment: "media",
      enabled: true,
      aliases: ["media.example.com"],
      s3Origin: { domainName: "media.s3.amazonaws.com", originAccessIdentity: "" },
      trustedSigners: { enabled: false },
    },
    tags: [{ key: "team", value: "video" }],
  });
  return { Domain: streaming.attrDomainName };
});

app.synth();
