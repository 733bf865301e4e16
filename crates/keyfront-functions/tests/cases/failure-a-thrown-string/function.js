function handler(event) {
    throw 'just text';
    return event.request;
}
