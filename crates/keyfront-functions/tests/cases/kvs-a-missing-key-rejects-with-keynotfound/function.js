import cf from 'cloudfront';

async function handler(event) {
    try {
        await cf.kvs().get('absent');
    } catch (e) {
        console.log([String(e), e.message, e instanceof Error].map(String).join(' '));
    }
    return event.request;
}
