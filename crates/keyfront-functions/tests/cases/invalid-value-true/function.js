function handler(event) {
    return true;
    return event.request;
}
