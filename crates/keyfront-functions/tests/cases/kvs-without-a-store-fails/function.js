import cf from 'cloudfront';

async function handler(event) {
    event.request.uri = await cf.kvs().get('greeting');
    return event.request;
}
