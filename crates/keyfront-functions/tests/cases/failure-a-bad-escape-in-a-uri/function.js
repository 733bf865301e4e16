function handler(event) {
    decodeURIComponent('%zz');
    return event.request;
}
