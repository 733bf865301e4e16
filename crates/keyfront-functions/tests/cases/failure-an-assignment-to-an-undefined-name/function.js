function handler(event) {
    response = event.request;
    return event.request;
}
