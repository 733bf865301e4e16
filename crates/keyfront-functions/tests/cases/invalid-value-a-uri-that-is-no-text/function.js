function handler(event) {
    event.request.uri = 7;
    return event.request;
}
