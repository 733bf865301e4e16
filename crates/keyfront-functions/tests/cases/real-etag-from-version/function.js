const version = { major: 2, minor: 14 };

function handler(event) {
    const response = event.response;
    const tag = `"${version.major}.${version.minor}-${event.request.uri.length}"`;
    const asked = event.request.headers['if-none-match'];
    response.headers.etag = { value: tag };
    if (asked && asked.value.split(/\s*,\s*/).includes(tag)) {
        response.statusCode = 304;
        response.statusDescription = 'Not Modified';
    }
    return response;
}
