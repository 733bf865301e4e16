function handler(event) {
    'abc'.at(-1);
    return event.request;
}
