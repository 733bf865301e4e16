import cf from 'cloudfront';

let kv = null;
try {
    kv = cf.kvs();
} catch (e) {
    console.log('no store');
}

function handler(event) {
    return event.request;
}
