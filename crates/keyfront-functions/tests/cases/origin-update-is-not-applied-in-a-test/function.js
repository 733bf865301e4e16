import cf from 'cloudfront';

function handler(event) {
    cf.updateRequestOrigin({
        domainName: 'eu.example.org',
        originPath: '/eu',
        customHeaders: { 'x-region': 'eu' },
        timeouts: { readTimeout: 30, connectionTimeout: 5 },
        customOriginConfig: { port: 443, protocol: 'https', sslProtocols: ['TLSv1.2'] }
    });
    return event.request;
}
