function handler(event) {
    event.response.body = { encoding: 'base64', data: 'aGVsbG8=' };
    return event.response;
    return event.request;
}
