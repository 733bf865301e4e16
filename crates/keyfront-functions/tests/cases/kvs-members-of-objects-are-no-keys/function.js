import cf from 'cloudfront';

const kv = cf.kvs();

async function handler(event) {
    const names = ['toString', 'constructor', '__proto__', 'hasOwnProperty'];
    for (let i = 0; i < names.length; i++) {
        const there = await kv.exists(names[i]);
        console.log([names[i], there].map(String).join(' '));
    }
    return event.request;
}
