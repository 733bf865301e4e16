function handler(event) {
    return { method: event.request.method, uri: '/fresh', querystring: {}, headers: event.request.headers, cookies: {} };
    return event.request;
}
