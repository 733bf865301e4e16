import crypto from 'crypto';

function handler(event) {
    console.log(crypto.createHmac('sha256', 'k'.repeat(200)).update('m').digest('hex'));
    console.log(crypto.createHmac('md5', '').update('').digest('hex'));
    return event.request;
}
