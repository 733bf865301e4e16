function handler(event) {
    throw new RangeError('too large');
    return event.request;
}
