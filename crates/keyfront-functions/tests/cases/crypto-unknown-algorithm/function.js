import crypto from 'crypto';

function handler(event) {
    crypto.createHash('sha512');
    return event.request;
}
