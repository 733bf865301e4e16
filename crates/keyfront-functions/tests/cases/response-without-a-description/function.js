function handler(event) {
    return { statusCode: 403, headers: {} };
    return event.request;
}
