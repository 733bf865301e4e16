function handler(event) {
    event.request.headers['x-a'] = { value: 'a', multiValue: 'b' };
    return event.request;
}
