function handler(event) {
    const request = event.request;
    const re = /a/u;
    return request;
}
