function handler(event) {
    event.response.cookies.visit = { value: '1', attributes: 'Path=/; Secure' };
    return event.response;
    return event.request;
}
