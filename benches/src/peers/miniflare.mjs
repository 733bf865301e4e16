// A worker of miniflare with a KV namespace, on the port of the command line: it answers with the value of a pair.
import { Miniflare } from 'miniflare';

const script = `
export default {
    async fetch(request, env) {
        const to = await env.KV.get('some/key-321');
        return new Response(to, { status: to === null ? 503 : 200, headers: { 'x-to': to ?? '' } });
    },
};`;

const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: Number(process.argv[2]),
    modules: true,
    script,
    kvNamespaces: ['KV'],
});
const namespace = await miniflare.getKVNamespace('KV');
for (let number = 300; number < 400; number++) {
    await namespace.put(`some/key-${number}`, 'v'.repeat(100));
}

// Its server is a process of its own, which would stay.
process.once('SIGTERM', async () => {
    await miniflare.dispose();
    process.exit(0);
});
