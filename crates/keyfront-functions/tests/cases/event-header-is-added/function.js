function handler(event) {
    event.request.headers['x-added'] = { value: 'yes' };
    return event.request;
}
