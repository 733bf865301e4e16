const ALLOWED = ['https://app.example.com', 'https://admin.example.com'];

function handler(event) {
    const origin = event.request.headers.origin;
    const allowed = origin && ALLOWED.includes(origin.value);
    if (event.context.eventType === 'viewer-request') {
        if (event.request.method !== 'OPTIONS' || !allowed) {
            return event.request;
        }
        return {
            statusCode: 204,
            statusDescription: 'No Content',
            headers: {
                'access-control-allow-origin': { value: origin.value },
                'access-control-allow-methods': { value: 'GET, PUT' },
                'access-control-max-age': { value: '86400' },
                vary: { value: 'Origin' }
            }
        };
    }
    if (allowed) {
        event.response.headers['access-control-allow-origin'] = { value: origin.value };
        event.response.headers.vary = { value: 'Origin' };
    }
    return event.response;
}
