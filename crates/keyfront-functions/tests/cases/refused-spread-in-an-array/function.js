function handler(event) {
    const request = event.request;
    const all = [...[1, 2], 3];
    return request;
}
