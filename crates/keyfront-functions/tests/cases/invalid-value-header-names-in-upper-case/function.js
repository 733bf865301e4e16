function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', headers: { Location: { value: '/' } } };
    return event.request;
}
