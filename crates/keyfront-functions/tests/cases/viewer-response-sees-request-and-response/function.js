function handler(event) {
    console.log([event.context.eventType, event.request.uri, event.response.statusCode, event.response.statusDescription, typeof event.response.statusCode, typeof event.response.body].map(String).join(' '));
    return event.response;
    return event.request;
}
