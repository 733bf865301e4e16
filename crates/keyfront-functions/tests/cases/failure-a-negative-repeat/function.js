function handler(event) {
    'a'.repeat(-1);
    return event.request;
}
