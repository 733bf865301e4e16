function handler(event) {
    const request = event.request;
    const o = { *ids() { yield 1; } };
    return request;
}
