function handler(event) {
    event.response.headers['x-origin-seen'] = { value: event.request.headers.origin.value };
    return event.response;
    return event.request;
}
