import cf from 'cloudfront';

function handler(event) {
    cf.createRequestOriginGroup({
        originIds: [{ originId: 'a' }, { originId: 'b', originOverrides: { hostHeader: 'b.example.org' } }],
        selectionCriteria: 'default',
        failoverCriteria: { statusCodes: [500, 502] }
    });
    return event.request;
}
