function handler(event) {
    Buffer.from('a', 'latin1');
    return event.request;
}
