function handler(event) {
    const request = event.request;
    if (request.uri.length > 1 && request.uri.endsWith('/')) {
        const query = request.rawQueryString();
        return {
            statusCode: 308,
            statusDescription: 'Permanent Redirect',
            headers: { location: { value: request.uri.replace(/\/+$/, '') + (query ? '?' + query : '') } }
        };
    }
    return request;
}
