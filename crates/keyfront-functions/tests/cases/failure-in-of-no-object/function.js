function handler(event) {
    'a' in 'text';
    return event.request;
}
