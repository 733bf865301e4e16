function handler(event) {
    const request = event.request;
    let a = 1;
    let a = 2;
    return request;
}
