function handler(event) {
    new RegExp('(');
    return event.request;
}
