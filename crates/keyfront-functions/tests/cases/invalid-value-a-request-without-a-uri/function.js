function handler(event) {
    delete event.request.uri;
    return event.request;
}
