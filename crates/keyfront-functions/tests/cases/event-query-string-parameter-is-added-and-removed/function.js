function handler(event) {
    delete event.request.querystring.utm_source;
    event.request.querystring.lang = { value: 'en' };
    return event.request;
}
