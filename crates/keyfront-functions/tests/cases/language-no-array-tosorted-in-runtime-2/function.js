function handler(event) {
    [2, 1].toSorted();
    return event.request;
}
