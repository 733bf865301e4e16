function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', body: { encoding: 'hex', data: '00' } };
    return event.request;
}
