import cf from 'cloudfront';

function handler(event) {
    cf.updateRequestOrigin({
        domainName: 'bucket.s3.us-west-2.amazonaws.com',
        originAccessControlConfig: { enabled: true, region: 'us-west-2', signingBehavior: 'always', signingProtocol: 'sigv4', originType: 's3' }
    });
    return event.request;
}
