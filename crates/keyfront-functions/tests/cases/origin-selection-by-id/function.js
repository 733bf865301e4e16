import cf from 'cloudfront';

function handler(event) {
    cf.selectRequestOriginById('origin-2', { hostHeader: 'api.example.org' });
    return event.request;
}
