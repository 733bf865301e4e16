function handler(event) {
    return {
        statusCode: 200,
        statusDescription: 'OK',
        cookies: { id: { value: '1', attributes: 'Path=/a', multiValue: [{ value: '1', attributes: 'Path=/a' }, { value: '2', attributes: 'Path=/b' }] } }
    };
    return event.request;
}
