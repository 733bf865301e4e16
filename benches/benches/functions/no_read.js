import cf from 'cloudfront';

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    const to = '/to/4321';
    if (request.uri.endsWith('/')) {
        request.uri += 'index.html';
    }
    request.headers['x-to'] = { value: to };
    request.headers['x-from'] = { value: request.headers.host.value };
    return request;
}
