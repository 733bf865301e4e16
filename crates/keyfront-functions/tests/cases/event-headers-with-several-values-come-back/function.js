function handler(event) {
    event.request.headers['x-tags'] = { value: 'a', multiValue: [{ value: 'a' }, { value: 'b' }] };
    return event.request;
}
