function handler(event) {
    const request = event.request;
    const x = -2 ** 2;
    return request;
}
