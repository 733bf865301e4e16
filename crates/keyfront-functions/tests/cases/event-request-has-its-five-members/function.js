function handler(event) {
    console.log([Object.keys(event.request).sort().join(), event.request.method, event.request.uri].map(String).join(' '));
    return event.request;
}
