import crypto from 'crypto';

function handler(event) {
    const h = (e) => crypto.createHash('sha256').update('?>~').digest(e);
    console.log(h('hex'));
    console.log(h('base64'));
    console.log(h('base64url'));
    return event.request;
}
