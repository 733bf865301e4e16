function handler(event) {
    const request = event.request;
    let x = 0;
    x ||= 1;
    return request;
}
