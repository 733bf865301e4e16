function handler(event) {
    throw 42;
    return event.request;
}
