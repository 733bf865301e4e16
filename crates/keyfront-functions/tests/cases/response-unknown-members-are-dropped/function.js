function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', isBase64Encoded: false, headers: { a: { value: '1', key: 'A' } } };
    return event.request;
}
