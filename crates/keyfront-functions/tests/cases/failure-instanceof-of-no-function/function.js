function handler(event) {
    event instanceof 5;
    return event.request;
}
