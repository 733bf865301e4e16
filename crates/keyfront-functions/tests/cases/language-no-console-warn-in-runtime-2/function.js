function handler(event) {
    console.warn('x');
    return event.request;
}
