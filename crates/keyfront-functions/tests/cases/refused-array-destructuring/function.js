function handler(event) {
    const request = event.request;
    const [first, second] = request.uri.split('/');
    return request;
}
