function handler(event) {
    event.request.headers['X-Custom'] = { value: '1' };
    return event.request;
}
