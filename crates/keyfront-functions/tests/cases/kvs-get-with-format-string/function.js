import cf from 'cloudfront';

async function handler(event) {
    const v = await cf.kvs().get('number', { format: 'string' });
    console.log([v, typeof v].map(String).join(' '));
    return event.request;
}
