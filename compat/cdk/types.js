// Resource types that the site does not have, as CDK's classes for CloudFormation's own. `synth.sh` makes the folders types-1
// and types-2 of it.
const { generateKeyPairSync } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const cdk = require("aws-cdk-lib");
const cloudfront = require("aws-cdk-lib/aws-cloudfront");

const app = new cdk.App({ analyticsReporting: false });
const version = app.node.tryGetContext("version");
const second = version === "2";

/** One resource of each type, referring to others where the types do. */
class Types extends cdk.Stack {
  constructor(scope, id) {
    super(scope, id, { stackName: "types" });
    // The property of that name would be the stack's own.
    const comment = `version ${version}`;
    const tags = [{ key: "version", value: version }, ...(second ? [] : [{ key: "first", value: "yes" }])];
    const key = new cloudfront.CfnPublicKey(this, "Key", {
      publicKeyConfig: { callerReference: "key", name: "key", encodedKey: readFileSync("public.pem", "utf8"), comment },
    });
    new cloudfront.CfnKeyGroup(this, "Group", { keyGroupConfig: { name: "group", items: [key.ref], comment } });
    new cloudfront.CfnCloudFrontOriginAccessIdentity(this, "Identity", {
      cloudFrontOriginAccessIdentityConfig: { comment },
    });
    new cloudfront.CfnOriginRequestPolicy(this, "Forwarding", {
      originRequestPolicyConfig: {
        name: "forwarding",
        comment,
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "whitelist", headers: ["x-a", ...(second ? ["x-b"] : [])] },
        queryStringsConfig: { queryStringBehavior: "all" },
      },
    });
    const profile = new cloudfront.CfnFieldLevelEncryptionProfile(this, "Profile", {
      fieldLevelEncryptionProfileConfig: {
        callerReference: "profile",
        name: "profile",
        comment,
        encryptionEntities: [{ publicKeyId: key.ref, providerId: "p", fieldPatterns: ["card*"] }],
      },
    });
    new cloudfront.CfnFieldLevelEncryptionConfig(this, "Encryption", {
      callerReference: "encryption",
      comment,
      queryArgProfileConfig: { forwardWhenQueryArgProfileIsUnknown: true, queryArgProfiles: [] },
      contentTypeProfileConfig: {
        forwardWhenContentTypeIsUnknown: true,
        contentTypeProfiles: [
          { contentType: "application/x-www-form-urlencoded", format: "URLEncoded", profileId: profile.attrId },
        ],
      },
    });
    const log = new cloudfront.CfnRealtimeLogConfig(this, "Log", {
      name: "log",
      samplingRate: second ? 20 : 10,
      fields: ["timestamp", "c-ip"],
      endPoints: [
        {
          streamType: "Kinesis",
          kinesisStreamConfig: {
            roleArn: "arn:aws:iam::000000000000:role/log",
            streamArn: "arn:aws:kinesis:us-east-1:000000000000:stream/log",
          },
        },
      ],
    });
    const origin = {
      id: "o",
      domainName: "origin.example",
      customOriginConfig: { originProtocolPolicy: "https-only" },
    };
    // The older way to say what is cached and forwarded.
    const behavior = {
      targetOriginId: "o",
      viewerProtocolPolicy: "allow-all",
      forwardedValues: { queryString: true },
      realtimeLogConfigArn: log.ref,
    };
    const staging = new cloudfront.CfnDistribution(this, "Staging", {
      distributionConfig: {
        enabled: false,
        staging: true,
        comment,
        origins: [origin],
        defaultCacheBehavior: behavior,
      },
      tags,
    });
    new cloudfront.CfnMonitoringSubscription(this, "Monitoring", {
      distributionId: staging.ref,
      monitoringSubscription: {
        realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: second ? "Disabled" : "Enabled" },
      },
    });
    const connections = new cloudfront.CfnConnectionGroup(this, "Connections", {
      name: "connections",
      ipv6Enabled: !second,
      enabled: true,
      tags,
    });
    const template = new cloudfront.CfnDistribution(this, "Tenants", {
      distributionConfig: {
        enabled: true,
        comment,
        connectionMode: "tenant-only",
        origins: [origin],
        defaultCacheBehavior: {
          targetOriginId: "o",
          viewerProtocolPolicy: "allow-all",
          cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        tenantConfig: {
          parameterDefinitions: [{ name: "p", definition: { stringSchema: { required: false, defaultValue: "d" } } }],
        },
        viewerCertificate: { acmCertificateArn: "CERTIFICATE", sslSupportMethod: "sni-only" },
      },
    });
    new cloudfront.CfnDistributionTenant(this, "Tenant", {
      distributionId: template.ref,
      connectionGroupId: connections.ref,
      name: "tenant",
      domains: ["tenant.example.com"],
      enabled: true,
      parameters: [{ name: "p", value: comment }],
      tags,
    });
    new cloudfront.CfnVpcOrigin(this, "Private", {
      vpcOriginEndpointConfig: {
        name: "private",
        arn: "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/lb/1",
        httpPort: second ? 8080 : 80,
      },
      tags,
    });
    new cloudfront.CfnAnycastIpList(this, "Anycast", { name: "anycast", ipCount: 3 });
    new cloudfront.CfnConnectionFunction(this, "Connection", {
      name: "connection",
      connectionFunctionCode: `function connectionHandler(connection) { connection.allow(); /* ${version} */ }`,
      connectionFunctionConfig: { comment, runtime: "cloudfront-js-2.0" },
      autoPublish: true,
      tags,
    });
    new cloudfront.CfnContinuousDeploymentPolicy(this, "Rollout", {
      continuousDeploymentPolicyConfig: {
        enabled: false,
        stagingDistributionDnsNames: [staging.attrDomainName],
        type: "SingleWeight",
        singleWeightPolicyConfig: { weight: second ? 0.1 : 0.05 },
      },
    });
  }
}

// One key for all runs: another one would be another template.
if (!existsSync("public.pem")) {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync("public.pem", publicKey.export({ type: "spki", format: "pem" }));
}
new Types(app, "TypesStack");
app.synth();
