function handler(event) {
    const request = event.request;
    function twice(a, a) { return a; }
    return request;
}
