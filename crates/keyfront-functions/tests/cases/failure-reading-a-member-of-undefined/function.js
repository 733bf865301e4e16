function handler(event) {
    return event.request.headers['x-none'].value;
    return event.request;
}
