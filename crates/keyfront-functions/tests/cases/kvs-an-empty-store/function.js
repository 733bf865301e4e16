import cf from 'cloudfront';

async function handler(event) {
    const kv = cf.kvs();
    const there = await kv.exists('a');
    const meta = await kv.meta();
    console.log([there, meta.keyCount].map(String).join(' '));
    return event.request;
}
