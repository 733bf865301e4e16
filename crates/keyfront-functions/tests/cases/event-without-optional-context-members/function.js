function handler(event) {
    console.log(event.context.eventType);
    return event.request;
}
