function handler(event) {
    for (;;) {
        event.n = 1;
    }
    return event.request;
}
