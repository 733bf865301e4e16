async function handler(event) {
    const status = await Promise.resolve(418);
    return { statusCode: status, statusDescription: 'I am a teapot' };
    return event.request;
}
