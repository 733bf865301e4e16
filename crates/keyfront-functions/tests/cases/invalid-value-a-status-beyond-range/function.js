function handler(event) {
    return { statusCode: 1000, statusDescription: 'x' };
    return event.request;
}
