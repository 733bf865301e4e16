// Asks for a name and a password before a site that is not public yet. The store's keys are names; a value is the SHA-256
// of the password, in hex.
import cf from 'cloudfront';
import crypto from 'crypto';

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    const header = request.headers.authorization;
    if (header && header.value.startsWith('Basic ') && (await isKnown(header.value.slice(6)))) {
        delete request.headers.authorization;
        return request;
    }
    return { statusCode: 401, headers: { 'www-authenticate': { value: 'Basic realm="preview", charset="UTF-8"' } } };
}

async function isKnown(encoded) {
    const text = Buffer.from(encoded, 'base64').toString();
    const colon = text.indexOf(':');
    const name = text.slice(0, colon);
    if (colon < 1 || !(await store.exists(name))) {
        return false;
    }
    const digest = crypto.createHash('sha256').update(text.slice(colon + 1)).digest('hex');
    return digest === (await store.get(name));
}
