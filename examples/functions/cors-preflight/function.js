// Answers the requests with which browsers ask whether a page of another origin may send one.
const ORIGINS = ['https://app.example.com', 'https://admin.example.com'];

function handler(event) {
    const request = event.request;
    const origin = request.headers.origin;
    if (request.method !== 'OPTIONS' || !origin || !request.headers['access-control-request-method']) {
        return request;
    }
    if (!ORIGINS.includes(origin.value)) {
        return { statusCode: 403 };
    }
    return {
        statusCode: 204,
        headers: {
            'access-control-allow-origin': { value: origin.value },
            'access-control-allow-methods': { value: 'GET, POST, PUT, DELETE' },
            'access-control-allow-headers': { value: 'authorization, content-type' },
            'access-control-max-age': { value: '7200' },
            vary: { value: 'Origin' },
        },
    };
}
