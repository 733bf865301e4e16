function handler(event) {
    const request = event.request;
    const n = 12abc;
    return request;
}
