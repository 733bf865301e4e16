import cf from 'cloudfront';

function handler(event) {
    const kv = cf.kvs();
    console.log([typeof kv.count, typeof kv.put, typeof kv.set, typeof kv.delete, typeof kv.get].map(String).join(' '));
    return event.request;
}
