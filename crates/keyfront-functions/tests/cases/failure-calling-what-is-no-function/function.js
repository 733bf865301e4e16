function handler(event) {
    const request = event.request;
    request.uri();
    return event.request;
}
