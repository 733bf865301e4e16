function handler(event) {
    return null;
    return event.request;
}
