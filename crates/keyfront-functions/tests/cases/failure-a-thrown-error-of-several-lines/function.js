function handler(event) {
    throw new Error('first\nsecond');
    return event.request;
}
