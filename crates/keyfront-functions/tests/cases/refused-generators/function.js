function handler(event) {
    const request = event.request;
    function* ids() { yield 1; }
    return request;
}
