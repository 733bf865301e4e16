import cf from 'cloudfront';

async function handler(event) {
    const meta = await cf.kvs().meta();
    console.log([meta.keyCount, meta.creationDateTime.toISOString(), meta.lastUpdatedDateTime.toISOString()].map(String).join(' '));
    return event.request;
}
