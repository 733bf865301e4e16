function handler(event) {
    [].reduce((a, b) => a + b);
    return event.request;
}
