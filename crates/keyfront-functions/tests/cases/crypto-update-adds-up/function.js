import crypto from 'crypto';

function handler(event) {
    const h = crypto.createHash('sha1');
    h.update('a').update('b');
    h.update('c');
    console.log(h.digest('hex') === crypto.createHash('sha1').update('abc').digest('hex'));
    return event.request;
}
