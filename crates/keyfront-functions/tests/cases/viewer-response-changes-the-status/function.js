function handler(event) {
    event.response.statusCode = 404;
    event.response.statusDescription = 'Not Found';
    return event.response;
    return event.request;
}
