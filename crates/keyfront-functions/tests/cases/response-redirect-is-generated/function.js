function handler(event) {
    return {
        statusCode: 302,
        statusDescription: 'Found',
        headers: { location: { value: 'https://example.org' + event.request.uri } }
    };
    return event.request;
}
