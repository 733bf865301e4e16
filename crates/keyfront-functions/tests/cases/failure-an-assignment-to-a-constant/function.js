function handler(event) {
    const a = 1;
    a = 2;
    return event.request;
}
