function handler(event) {
    return {
        statusCode: 200,
        statusDescription: 'OK',
        headers: {},
        cookies: {
            id: { value: 'a1', attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600' },
            plain: { value: 'b' }
        }
    };
    return event.request;
}
