function handler(event) {
    const request = event.request;
    const x = null || undefined ?? 1;
    return request;
}
