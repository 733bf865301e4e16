function handler(event) {
    const request = event.request;
    const mode = 0755;
    return request;
}
