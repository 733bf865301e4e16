function handler(event) {
    console.log([event.request.method, typeof event.request.body].map(String).join(' '));
    return event.request;
}
