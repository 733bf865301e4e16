const RULES = [
    [/\.[0-9a-f]{8,}\.(js|css|woff2)$/, 'public, max-age=31536000, immutable'],
    [/\.(png|jpg|svg)$/, 'public, max-age=86400'],
    [/./, 'no-cache']
];

function handler(event) {
    const response = event.response;
    if (response.headers['cache-control']) {
        return response;
    }
    const rule = RULES.find((r) => r[0].test(event.request.uri));
    response.headers['cache-control'] = { value: rule[1] };
    return response;
}
