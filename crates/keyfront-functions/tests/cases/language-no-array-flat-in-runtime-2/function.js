function handler(event) {
    [[1]].flat();
    return event.request;
}
