function handler(event) {
    return { statusCode: 204, statusDescription: 'No Content' };
    return event.request;
}
