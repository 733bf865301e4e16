function handler(event) {
    return '/index.html';
    return event.request;
}
