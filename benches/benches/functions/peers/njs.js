import cf from 'cloudfront';

const text = JSON.stringify({
    version: '1.0',
    context: {
        distributionDomainName: 'd111111abcdef8.cloudfront.net',
        distributionId: 'EDFDVBD6EXAMPLE',
        eventType: 'viewer-request',
        requestId: 'EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==',
    },
    viewer: { ip: '198.51.100.11' },
    request: {
        method: 'GET',
        uri: '/media/',
        querystring: { id: { value: '42' }, lang: { value: 'en' } },
        headers: {
            host: { value: 'www.example.com' },
            'user-agent': { value: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' },
            accept: { value: 'text/html,application/xhtml+xml' },
            'accept-language': { value: 'en-GB,en;q=0.5' },
            'accept-encoding': { value: 'gzip, br' },
            'cache-control': { value: 'no-cache' },
        },
        cookies: { id: { value: 'CookieIdValue' }, loggedIn: { value: 'false' } },
    },
});

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    const to = await store.get('/path/4321');
    if (request.uri.endsWith('/')) {
        request.uri += 'index.html';
    }
    request.headers['x-to'] = { value: to };
    request.headers['x-from'] = { value: request.headers.host.value };
    return request;
}

// The command has one way to hand an event in and a result out: as text.
async function run(times) {
    for (let i = 0; i < times; i++) {
        const request = await handler(JSON.parse(text));
        JSON.stringify(request);
    }
    console.log('ran ' + times);
}

run(Number(process.argv[2]));
