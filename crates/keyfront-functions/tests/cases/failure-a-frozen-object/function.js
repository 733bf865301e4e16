function handler(event) {
    Object.freeze(event.request).uri = '/x';
    return event.request;
}
