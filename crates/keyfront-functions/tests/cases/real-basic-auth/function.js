function handler(event) {
    const wanted = 'Basic ' + Buffer.from('admin:s3cret').toString('base64');
    const header = event.request.headers.authorization;
    if (header && header.value === wanted) {
        return event.request;
    }
    return {
        statusCode: 401,
        statusDescription: 'Unauthorized',
        headers: { 'www-authenticate': { value: 'Basic realm="staging"' } },
        body: { encoding: 'text', data: 'Who are you?' }
    };
}
