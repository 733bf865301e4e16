function handler(event) {
    Promise.reject('text');
    return event.request;
}
