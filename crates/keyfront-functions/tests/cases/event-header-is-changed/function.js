function handler(event) {
    event.request.headers['user-agent'].value = 'other';
    return event.request;
}
