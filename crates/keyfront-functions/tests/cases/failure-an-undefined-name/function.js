function handler(event) {
    return respond(event);
    return event.request;
}
