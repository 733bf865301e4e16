function handler(event) {
    event.response.body = 'replaced';
    event.response.headers['content-type'] = { value: 'text/plain' };
    return event.response;
    return event.request;
}
