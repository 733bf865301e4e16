function handler(event) {
    Object.fromEntries([]);
    return event.request;
}
