function handler(event) {
    const request = event.request;
    const wanted = request.uri.split('/').map((s) => encodeURIComponent(decodeURIComponent(s).toLowerCase())).join('/');
    if (wanted === request.uri) {
        return request;
    }
    return { statusCode: 301, statusDescription: 'Moved Permanently', headers: { location: { value: wanted } } };
}
