function handler(event) {
    const request = event.request;
    /* never ends
    return request;
}
