// Adds the headers that keep browsers from guessing, framing and leaking. A header that the origin sent stays.
const HEADERS = {
    'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
    'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

function handler(event) {
    const headers = event.response.headers;
    Object.keys(HEADERS).forEach((name) => {
        if (!headers[name]) {
            headers[name] = { value: HEADERS[name] };
        }
    });
    return event.response;
}
