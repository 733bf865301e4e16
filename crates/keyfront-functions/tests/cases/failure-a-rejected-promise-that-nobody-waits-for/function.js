function handler(event) {
    Promise.reject(new Error('nobody'));
    return event.request;
}
