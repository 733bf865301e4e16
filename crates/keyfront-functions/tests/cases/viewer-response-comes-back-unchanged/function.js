function handler(event) {
    return event.response;
    return event.request;
}
