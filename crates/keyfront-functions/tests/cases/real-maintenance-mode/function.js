import cf from 'cloudfront';

async function handler(event) {
    const flags = cf.kvs();
    const on = await flags.exists('maintenance');
    if (!on) {
        return event.request;
    }
    const until = await flags.get('maintenance');
    const seconds = Math.ceil((Date.parse(until) - Date.now()) / 1000);
    if (seconds <= 0) {
        return event.request;
    }
    return {
        statusCode: 503,
        statusDescription: 'Service Unavailable',
        headers: { 'retry-after': { value: String(seconds) }, 'content-type': { value: 'text/html; charset=utf-8' } },
        body: `<h1>Back at ${new Date(until).toISOString().slice(11, 16)} UTC</h1>`
    };
}
