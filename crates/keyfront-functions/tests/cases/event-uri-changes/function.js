function handler(event) {
    event.request.uri = '/new' + event.request.uri;
    return event.request;
}
