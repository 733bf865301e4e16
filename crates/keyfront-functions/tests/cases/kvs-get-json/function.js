import cf from 'cloudfront';

async function handler(event) {
    const v = await cf.kvs().get('config', { format: 'json' });
    console.log([v.limit + 1, v.on, typeof v].map(String).join(' '));
    const n = await cf.kvs().get('number', { format: 'json' });
    console.log([n, typeof n].map(String).join(' '));
    return event.request;
}
