// A site with the constructs that people use, in two versions. `synth.sh` makes the folders site-1 and site-2 of it.
const { readFileSync } = require("node:fs");
const cdk = require("aws-cdk-lib");
const cloudfront = require("aws-cdk-lib/aws-cloudfront");
const origins = require("aws-cdk-lib/aws-cloudfront-origins");
const s3 = require("aws-cdk-lib/aws-s3");

const app = new cdk.App({ analyticsReporting: false });

/** A site in a bucket, with what a person writes with the high-level constructs. */
class Site extends cdk.Stack {
  constructor(scope, id, version) {
    super(scope, id, { stackName: "site" });
    const store = new cloudfront.KeyValueStore(this, "Redirects", {
      keyValueStoreName: "redirects",
      source: cloudfront.ImportSource.fromAsset(`redirects-${version}.json`),
    });
    const code = readFileSync("redirect.js", "utf8").replace("VERSION", version);
    const redirect = new cloudfront.Function(this, "Redirect", {
      functionName: "redirect",
      code: cloudfront.FunctionCode.fromInline(code),
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      keyValueStore: store,
    });
    const cachePolicy = new cloudfront.CachePolicy(this, "Caching", {
      cachePolicyName: "site-caching",
      defaultTtl: cdk.Duration.minutes(version === "1" ? 5 : 10),
      queryStringBehavior: cloudfront.CacheQueryStringBehavior.allowList("page"),
    });
    const headers = new cloudfront.ResponseHeadersPolicy(this, "Headers", {
      responseHeadersPolicyName: "site-headers",
      customHeadersBehavior: { customHeaders: [{ header: "x-version", value: version, override: true }] },
    });
    const origin = new cdk.CfnParameter(this, "Origin", { default: "origin.example" });
    const bucket = new s3.Bucket(this, "Files");
    const site = new cloudfront.Distribution(this, "Site", {
      comment: `version ${version}`,
      defaultBehavior: {
        origin: new origins.HttpOrigin(origin.valueAsString, {
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY,
          customHeaders: { "x-origin": "cdk" },
        }),
        cachePolicy,
        responseHeadersPolicy: headers,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.ALLOW_ALL,
        functionAssociations: [
          { function: redirect, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
        ],
      },
      additionalBehaviors: {
        "/files/*": { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) },
      },
      errorResponses: [{ httpStatus: 404, responseHttpStatus: 200, responsePagePath: "/missing" }],
    });
    cdk.Tags.of(site).add("team", "web");
    new cdk.CfnOutput(this, "DomainName", { value: site.distributionDomainName, exportName: "site-domain" });
    new cdk.CfnOutput(this, "BucketName", { value: bucket.bucketName });
  }
}

const version = app.node.tryGetContext("version");
new Site(app, "SiteStack", version);
app.synth();
