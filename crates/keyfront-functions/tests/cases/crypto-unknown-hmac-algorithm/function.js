import crypto from 'crypto';

function handler(event) {
    crypto.createHmac('sha384', 'key');
    return event.request;
}
