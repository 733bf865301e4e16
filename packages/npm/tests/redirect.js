import cf from 'cloudfront';

const redirects = cf.kvs();

async function handler(event) {
    const uri = event.request.uri;
    console.log('asked for ' + uri);
    if (uri === '/broken') throw new Error('out of order');
    if (uri === '/teapot') return { statusCode: 418, body: 'short and stout' };
    if (await redirects.exists(uri)) {
        return { statusCode: 301, headers: { location: { value: await redirects.get(uri) } } };
    }
    event.request.headers['x-seen'] = { value: 'yes' };
    if (uri.endsWith('/')) event.request.uri += 'index.html';
    return event.request;
}
