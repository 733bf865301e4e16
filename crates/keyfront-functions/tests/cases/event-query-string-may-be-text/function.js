function handler(event) {
    event.request.querystring = 'b=2&a=1';
    return event.request;
}
