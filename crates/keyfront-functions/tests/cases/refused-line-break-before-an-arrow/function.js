function handler(event) {
    const request = event.request;
    const f = (x)
        => x;
    return request;
}
