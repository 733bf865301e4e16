function handler(event) {
    'a'.matchAll(/a/g);
    return event.request;
}
