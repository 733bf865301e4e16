import cf from 'cloudfront';

const kvsId = 'a1b2c3d4-5678-90ab-cdef-111122223333';
const kv = cf.kvs(kvsId);

async function handler(event) {
    const v = await kv.get('greeting');
    console.log(v);
    return event.request;
}
