import cf from 'cloudfront';

const redirects = cf.kvs();

/** Redirects the paths that the store has, and gives folders their index pages. */
async function handler(event) {
    const request = event.request;
    if (await redirects.exists(request.uri)) {
        const to = await redirects.get(request.uri);
        return { statusCode: 301, headers: { location: { value: to } } };
    }
    if (request.uri.endsWith('/')) {
        request.uri += 'index.html';
    }
    return request;
}
