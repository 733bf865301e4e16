function handler(event) {
    const request = event.request;
    try {
        request.x.y;
    } catch {
        console.log(1);
    }
    return request;
}
