function handler(event) {
    event.response.headers['x-served-by'] = { value: 'edge' };
    return event.response;
    return event.request;
}
