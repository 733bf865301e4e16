import cf from 'cloudfront';

async function handler(event) {
    const v = await cf.kvs().get('greeting', { format: 'bytes' });
    console.log([Buffer.isBuffer(v), v.length, v.toString('hex')].map(String).join(' '));
    return event.request;
}
