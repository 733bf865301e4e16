function handler(event) {
    Buffer.alloc(64 * 1024 * 1024);
    return event.request;
}
