function handler(event) {
    let s = 'x'.repeat(1024);
    while (true) { s += s; }
    return event.request;
}
