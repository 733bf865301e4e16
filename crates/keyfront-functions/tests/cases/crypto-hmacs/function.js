const crypto = require('crypto');

function handler(event) {
    const algorithms = ['md5', 'sha1', 'sha256'];
    for (let i = 0; i < 3; i++) {
        console.log(crypto.createHmac(algorithms[i], 'secret key').update('message').digest('hex'));
    }
    return event.request;
}
