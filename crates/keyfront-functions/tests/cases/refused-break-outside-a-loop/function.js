function handler(event) {
    const request = event.request;
    break;
    return request;
}
