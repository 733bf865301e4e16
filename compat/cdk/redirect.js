import cf from 'cloudfront';

async function handler(event) {
    const request = event.request;
    try {
        const target = await cf.kvs().get(request.uri);
        return { statusCode: 302, headers: { location: { value: target }, 'x-function': { value: 'VERSION' } } };
    } catch (absent) {
        return request;
    }
}
