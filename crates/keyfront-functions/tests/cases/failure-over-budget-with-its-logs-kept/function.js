function handler(event) {
    console.log('start');
    for (;;) { }
    return event.request;
}
