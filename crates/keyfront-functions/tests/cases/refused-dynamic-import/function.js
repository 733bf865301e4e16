function handler(event) {
    const request = event.request;
    import('crypto');
    return request;
}
