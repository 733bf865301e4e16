function handler(event) {
    JSON.parse('{"a":');
    return event.request;
}
