function handler(event) {
    delete event.request.cookies;
    return event.request;
}
