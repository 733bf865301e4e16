function handler(event) {
    if (event.request.uri === '/' {
        return event.request;
    }
}
