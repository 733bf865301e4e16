import cf from 'cloudfront';

async function handler(event) {
    const kv = cf.kvs();
    const v = await kv.get('greeting');
    console.log([v, typeof v].map(String).join(' '));
    const e = await kv.get('empty');
    console.log(e === '');
    return event.request;
}
