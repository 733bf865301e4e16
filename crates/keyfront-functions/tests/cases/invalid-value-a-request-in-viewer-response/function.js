function handler(event) {
    return event.request;
    return event.request;
}
