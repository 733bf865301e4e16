function handler(event) {
    const request = event.request;
    Math.max(1) = 2;
    return request;
}
