function handler(event) {
    new (() => 1)();
    return event.request;
}
