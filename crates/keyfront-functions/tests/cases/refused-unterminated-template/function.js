function handler(event) {
    const request = event.request;
    const s = `abc;
    return request;
}
