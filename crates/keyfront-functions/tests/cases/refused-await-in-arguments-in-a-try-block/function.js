import cf from 'cloudfront';

async function handler(event) {
    try {
        event.request.uri = JSON.parse(await cf.kvs().get('config')).uri;
    } catch (err) {
        console.log(err);
    }
    return event.request;
}
