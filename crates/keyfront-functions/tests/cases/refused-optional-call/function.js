function handler(event) {
    const request = event.request;
    request.rawQueryString?.();
    return request;
}
