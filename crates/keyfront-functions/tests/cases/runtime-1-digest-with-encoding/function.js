function handler(event) {
    var crypto = require('crypto');
    console.log(crypto.createHash('md5').update('abc').digest('hex'));
    console.log(crypto.createHmac('sha256', 'key').update('abc').digest('base64url'));
    return event.request;
}
