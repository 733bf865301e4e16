function handler(event) {
    const request = event.request;
    const m = import.meta;
    return request;
}
