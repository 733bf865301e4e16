import cf from 'cloudfront';

const kv = cf.kvs();

async function handler(event) {
    const v = await kv.get('greeting');
    console.log(v);
    return event.request;
}
