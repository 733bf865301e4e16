function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', body: '' };
    return event.request;
}
