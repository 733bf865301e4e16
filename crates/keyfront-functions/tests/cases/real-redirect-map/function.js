import cf from 'cloudfront';

const redirects = cf.kvs();

async function handler(event) {
    const request = event.request;
    let target;
    try {
        target = await redirects.get(request.uri);
    } catch (e) {
        return request;
    }
    let status = 301;
    if (target.charAt(0) === '{') {
        const entry = JSON.parse(target);
        status = entry.status;
        target = entry.to;
    }
    console.log(`redirect ${request.uri} ${target}`);
    return {
        statusCode: status,
        statusDescription: status === 301 ? 'Moved Permanently' : 'Found',
        headers: { location: { value: target } }
    };
}
