function handler(event) {
    const request = event.request;
    const big = 10n;
    return request;
}
