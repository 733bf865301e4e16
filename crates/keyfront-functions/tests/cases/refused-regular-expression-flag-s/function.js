function handler(event) {
    const request = event.request;
    const re = /a.b/s;
    return request;
}
