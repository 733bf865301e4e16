function handler(event) {
    var crypto = require('crypto');
    var digest = crypto.createHash('sha1').update('abc').digest();
    console.log([typeof digest, digest.length].map(String).join(' '));
    return event.request;
}
