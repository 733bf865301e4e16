function handler(event) {
    event.viewer.ip = '203.0.113.9';
    event.context.eventType = 'viewer-response';
    return event.request;
}
