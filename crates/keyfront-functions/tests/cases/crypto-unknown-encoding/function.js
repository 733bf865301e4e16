import crypto from 'crypto';

function handler(event) {
    crypto.createHash('md5').update('a').digest('latin1');
    return event.request;
}
