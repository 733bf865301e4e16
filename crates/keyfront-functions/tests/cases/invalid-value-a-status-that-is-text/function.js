function handler(event) {
    return { statusCode: 'abc', statusDescription: 'x' };
    return event.request;
}
