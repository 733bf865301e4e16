function handler(event) {
    btoa('€');
    return event.request;
}
