function handler(event) {
    return 200;
    return event.request;
}
