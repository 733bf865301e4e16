import crypto from 'crypto';

function handler(event) {
    crypto.createHmac('sha256');
    return event.request;
}
