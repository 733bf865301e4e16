// Serves one page for every path of a single page application below /app/, and files as they are.
function handler(event) {
    const request = event.request;
    const last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
    if (request.uri.startsWith('/app/') && !last.includes('.')) {
        request.uri = '/app/index.html';
    }
    return request;
}
