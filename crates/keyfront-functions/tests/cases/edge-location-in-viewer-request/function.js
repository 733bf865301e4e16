import cf from 'cloudfront';

function handler(event) {
    const e = cf.edgeLocation;
    console.log([typeof e.name, typeof e.serverIp, typeof e.region].map(String).join(' '));
    return event.request;
}
