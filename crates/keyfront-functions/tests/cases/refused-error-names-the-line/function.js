function handler(event) {
    const a = 1;
    const b = 2;
    const c = a +* b;
    return event.request;
}
