import crypto from 'crypto';

function handler(event) {
    const again = require('crypto');
    console.log(again.createHash('md5').update('x').digest('hex') === crypto.createHash('md5').update('x').digest('hex'));
    return event.request;
}
