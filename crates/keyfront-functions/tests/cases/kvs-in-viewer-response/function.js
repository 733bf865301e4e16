import cf from 'cloudfront';

async function handler(event) {
    event.response.headers['x-greeting'] = { value: await cf.kvs().get('greeting') };
    return event.response;
    return event.request;
}
