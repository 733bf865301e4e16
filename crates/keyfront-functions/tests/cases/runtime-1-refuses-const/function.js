function handler(event) {
    const x = 1;
    return event.request;
}
