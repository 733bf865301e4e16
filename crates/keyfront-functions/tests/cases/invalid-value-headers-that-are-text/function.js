function handler(event) {
    event.request.headers = 'host: a';
    return event.request;
}
