import cf from 'cloudfront';

function handler(event) {
    return event.request;
}
