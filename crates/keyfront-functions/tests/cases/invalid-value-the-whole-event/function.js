function handler(event) {
    return event;
    return event.request;
}
