import crypto from 'crypto';

function handler(event) {
    const d = crypto.createHash('md5').update('abc').digest();
    console.log([Buffer.isBuffer(d), d.length, d.toString('hex'), d[0]].map(String).join(' '));
    return event.request;
}
