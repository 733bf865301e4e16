// The same function as a worker, which reads the same pair of a KV namespace. Prints one invocation in microseconds.
import { Miniflare } from 'miniflare';

const INVOCATIONS = 500;

const script = `
async function handler(request, env) {
    const url = new URL(request.url);
    const to = await env.KV.get('/path/4321');
    if (url.pathname.endsWith('/')) {
        url.pathname += 'index.html';
    }
    const headers = new Headers(request.headers);
    headers.set('x-to', to);
    headers.set('x-from', request.headers.get('host'));
    return new Request(url, { headers });
}

export default {
    async fetch(request, env) {
        const times = Number(new URL(request.url).searchParams.get('times'));
        for (let i = 0; i < times; i++) {
            await handler(new Request('https://www.example.com/media/?id=42&lang=en', { headers: {
                host: 'www.example.com',
                'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
                accept: 'text/html,application/xhtml+xml',
                'accept-language': 'en-GB,en;q=0.5',
                'accept-encoding': 'gzip, br',
                'cache-control': 'no-cache',
                cookie: 'id=CookieIdValue; loggedIn=false',
            } }), env);
        }
        return new Response('done');
    },
};`;

const miniflare = new Miniflare({ modules: true, script, kvNamespaces: ['KV'] });
const namespace = await miniflare.getKVNamespace('KV');
await namespace.put('/path/4321', '/to/4321');
const run = async (times) => {
    const began = performance.now();
    await (await miniflare.dispatchFetch(`http://localhost/?times=${times}`)).text();
    return performance.now() - began;
};
await run(100);
const start = await run(1);
const all = await run(INVOCATIONS + 1);
console.log(((all - start) * 1000) / INVOCATIONS);
await miniflare.dispose();
