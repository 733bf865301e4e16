function handler(event) {
    const request = event.request;
    const copy = { ...request };
    return request;
}
