function handler(event) {
    'e'.normalize('NFC');
    return event.request;
}
