import cf from 'cloudfront';

async function handler(event) {
    const kv = cf.kvs();
    const all = await Promise.all([kv.get('greeting'), kv.get('number'), kv.get('absent').catch((e) => e.message)]);
    console.log(all.join());
    return event.request;
}
