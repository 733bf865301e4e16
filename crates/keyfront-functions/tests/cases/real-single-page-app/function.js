const ASSET = /\.[a-z0-9]{2,5}$/i;

function handler(event) {
    const request = event.request;
    if (!ASSET.test(request.uri) && !request.uri.startsWith('/api/')) {
        request.uri = '/index.html';
    }
    return request;
}
