function handler(event) {
    const request = event.request;
    const greet = (name = 1) => name;
    return request;
}
