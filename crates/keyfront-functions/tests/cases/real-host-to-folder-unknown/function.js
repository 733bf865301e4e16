function handler(event) {
    const request = event.request;
    const host = request.headers.host.value.toLowerCase();
    const m = host.match(/^([a-z0-9-]+)\.preview\.example\.com$/);
    if (m === null) {
        return { statusCode: 404, statusDescription: 'Not Found' };
    }
    request.uri = '/' + m[1] + request.uri;
    request.headers['x-forwarded-host'] = { value: host };
    return request;
}
