function handler(event) {
    'a'.localeCompare('b');
    return event.request;
}
