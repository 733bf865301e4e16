function handler(event) {
    const request = event.request;
    class Router {
        go() { return 1; }
    }
    return request;
}
