function handler(event) {
    atob('a*b');
    return event.request;
}
