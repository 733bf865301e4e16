import cf from 'cloudfront';

async function handler(event) {
    try {
        await cf.kvs().get('greeting', { format: 'json' });
    } catch (e) {
        console.log(String(e));
    }
    return event.request;
}
