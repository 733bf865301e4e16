import crypto from 'crypto';

function handler(event) {
    const h = crypto.createHash('md5').update('a');
    h.digest('hex');
    h.update('b');
    return event.request;
}
