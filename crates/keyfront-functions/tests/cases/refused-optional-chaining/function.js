function handler(event) {
    const request = event.request;
    const host = request.headers.host?.value;
    return request;
}
