import cf from 'cloudfront';

async function handler(event) {
    const v = await cf.kvs().get('schön');
    console.log([v, v.length].map(String).join(' '));
    return event.request;
}
