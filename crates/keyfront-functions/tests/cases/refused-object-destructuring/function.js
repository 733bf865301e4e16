function handler(event) {
    const request = event.request;
    const { uri } = request;
    return request;
}
