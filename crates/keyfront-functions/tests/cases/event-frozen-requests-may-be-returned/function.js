function handler(event) {
    return Object.freeze(event.request);
    return event.request;
}
