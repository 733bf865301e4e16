function handler(event) {
    const request = event.request;
    let a, b;
    [a, b] = [1, 2];
    return request;
}
