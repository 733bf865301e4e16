function handler(event) {
    event.response.headers.get('x');
    return event.request;
}
