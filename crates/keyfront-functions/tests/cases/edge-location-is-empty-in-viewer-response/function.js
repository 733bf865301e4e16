import cf from 'cloudfront';

function handler(event) {
    console.log(cf.edgeLocation && cf.edgeLocation.name);
    return event.response;
    return event.request;
}
