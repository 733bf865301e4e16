function handler(event) {
    const x = null;
    return x.y;
    return event.request;
}
