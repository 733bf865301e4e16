function handler(event) {
    const request = event.request;
    var class = 1;
    return request;
}
