import cf from 'cloudfront';

async function handler(event) {
    const kv = cf.kvs();
    const yes = await kv.exists('/old'), no = await kv.exists('/new');
    console.log([yes, no].map(String).join(' '));
    return event.request;
}
