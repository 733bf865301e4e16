import crypto from 'crypto';

function handler(event) {
    const algorithms = ['md5', 'sha1', 'sha256'];
    for (let i = 0; i < 3; i++) {
        console.log(crypto.createHash(algorithms[i]).update('CloudFront').digest('hex'));
    }
    return event.request;
}
