function handler(event) {
    event.request.headers['x-a'] = { value: { a: 1 } };
    return event.request;
}
