function handler(event) {
    const request = event.request;
    for (;;) { continue nowhere; }
    return request;
}
