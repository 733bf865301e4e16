// Finds the file of a path: /about and /about/ are /about/index.html, and a path with an extension stays as it is.
function handler(event) {
    const request = event.request;
    const last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
    if (last === '') {
        request.uri += 'index.html';
    } else if (!last.includes('.')) {
        request.uri += '/index.html';
    }
    return request;
}
