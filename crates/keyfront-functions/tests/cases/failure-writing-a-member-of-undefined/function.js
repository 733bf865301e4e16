function handler(event) {
    event.request.headers.none.value = '1';
    return event.request;
}
