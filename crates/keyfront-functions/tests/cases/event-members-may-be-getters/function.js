function handler(event) {
    return { method: 'GET', get uri() { return '/computed'; }, querystring: {}, headers: {}, cookies: {} };
    return event.request;
}
