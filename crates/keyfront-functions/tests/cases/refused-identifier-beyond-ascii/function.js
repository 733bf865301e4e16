function handler(event) {
    const request = event.request;
    const größe = 1;
    return request;
}
