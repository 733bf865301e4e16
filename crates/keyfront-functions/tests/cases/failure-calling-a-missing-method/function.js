function handler(event) {
    event.request.uri.reverse();
    return event.request;
}
