function handler(event) {
    'a' + Symbol('b');
    return event.request;
}
