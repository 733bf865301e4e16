function handler(event) {
    const request = event.request;
    let x;
    x ??= 1;
    return request;
}
