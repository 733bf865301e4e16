function handler(event) {
    delete event.response.headers.server;
    return event.response;
    return event.request;
}
