function handler(event) {
    console.error('x');
    return event.request;
}
