import crypto from 'crypto';

function handler(event) {
    const h = crypto.createHash('md5').update('a');
    h.digest('hex');
    h.digest('hex');
    return event.request;
}
