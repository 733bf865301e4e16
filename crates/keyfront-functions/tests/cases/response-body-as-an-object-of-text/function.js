function handler(event) {
    return { statusCode: 200, statusDescription: 'OK', body: { encoding: 'text', data: '<p>hé</p>' } };
    return event.request;
}
