import crypto from 'crypto';

function handler(event) {
    const a = crypto.createHash('sha256').update('é').digest('hex');
    const b = crypto.createHash('sha256').update(new Uint8Array([0xc3, 0xa9])).digest('hex');
    const c = crypto.createHash('sha256').update(Buffer.from('é')).digest('hex');
    const d = crypto.createHash('sha256').update('c3a9', 'hex').digest('hex');
    console.log([a === b, b === c, c === d].map(String).join(' '));
    console.log(crypto.createHmac('sha256', Buffer.from('key')).update('m').digest('hex') === crypto.createHmac('sha256', 'key').update('m').digest('hex'));
    return event.request;
}
