function handler(event) {
    const headers = event.response.headers;
    const wanted = {
        'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
        'content-security-policy': "default-src 'none'; img-src 'self'; script-src 'self'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin'
    };
    Object.keys(wanted).forEach((name) => {
        if (!headers[name]) {
            headers[name] = { value: wanted[name] };
        }
    });
    delete headers['x-powered-by'];
    return event.response;
}
