function handler(event) {
    console.log([typeof event.request.headers.authorization, 'authorization' in event.request.headers].map(String).join(' '));
    return event.request;
}
