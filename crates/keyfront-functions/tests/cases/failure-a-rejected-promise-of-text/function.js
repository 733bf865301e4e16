function handler(event) {
    return Promise.reject('text');
    return event.request;
}
