function handler(event) {
    event.request.headers['x-a'] = 'plain';
    return event.request;
}
