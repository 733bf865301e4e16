function handler(event) {
    const request = event.request;
    const re = /(/;
    return request;
}
