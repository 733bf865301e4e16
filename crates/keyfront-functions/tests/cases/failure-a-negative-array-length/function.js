function handler(event) {
    new Array(-1);
    return event.request;
}
