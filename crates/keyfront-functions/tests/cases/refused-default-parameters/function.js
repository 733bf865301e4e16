function handler(event) {
    const request = event.request;
    function greet(name = 'you') { return name; }
    return request;
}
