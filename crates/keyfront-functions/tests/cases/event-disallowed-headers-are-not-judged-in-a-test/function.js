function handler(event) {
    event.request.headers['x-edge-token'] = { value: '1' };
    event.request.headers.via = { value: 'me' };
    return event.request;
}
