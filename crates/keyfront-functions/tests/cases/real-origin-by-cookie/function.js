import cf from 'cloudfront';

function handler(event) {
    const cookie = event.request.cookies.backend;
    if (cookie && cookie.value === 'canary') {
        cf.updateRequestOrigin({ domainName: 'canary.example.org', customHeaders: { 'x-canary': '1' } });
        event.request.headers['x-backend'] = { value: 'canary' };
    }
    return event.request;
}
