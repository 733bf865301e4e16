function handler(event) {
    event.request.uri = prefix + helper(event.request.uri);
    return event.request;
}

var prefix = '/v1';

function helper(uri) {
    return uri.toLowerCase();
}
