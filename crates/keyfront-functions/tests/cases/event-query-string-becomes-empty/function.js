function handler(event) {
    event.request.querystring = {};
    return event.request;
}
