// Sends viewers of other names of the site to its one name, with path and query as they were.
const HOST = 'www.example.com';

function handler(event) {
    const request = event.request;
    if (request.headers.host.value === HOST) {
        return request;
    }
    return {
        statusCode: 301,
        headers: { location: { value: 'https://' + HOST + request.uri + queryOf(request) } },
    };
}

function queryOf(request) {
    const query = request.rawQueryString();
    return query ? '?' + query : '';
}
