function handler(event) {
    const request = event.request;
    const a;
    return request;
}
