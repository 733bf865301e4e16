import cf from 'cloudfront';

const kv = cf.kvs();

function handler(event) {
    return event.request;
}
