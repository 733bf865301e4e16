function handler(event) {
    const request = event.request;
    with (request) { uri; }
    return request;
}
