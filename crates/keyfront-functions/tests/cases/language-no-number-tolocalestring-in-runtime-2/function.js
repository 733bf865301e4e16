function handler(event) {
    (1234.5).toLocaleString().nothing.more;
    return event.request;
}
