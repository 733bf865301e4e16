function handler(event) {
    event.request.extra = 1;
    event.request.headers['x-a'] = { value: 'v', multivalue: [{ value: 'w' }], note: 'n' };
    return event.request;
}
