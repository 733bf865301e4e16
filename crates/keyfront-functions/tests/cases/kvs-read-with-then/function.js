import cf from 'cloudfront';

async function handler(event) {
    cf.kvs().get('greeting').then((v) => console.log(['then', v].map(String).join(' ')));
    await Promise.resolve();
    return event.request;
}
