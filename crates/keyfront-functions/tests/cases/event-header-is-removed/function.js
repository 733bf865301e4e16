function handler(event) {
    delete event.request.headers['user-agent'];
    return event.request;
}
