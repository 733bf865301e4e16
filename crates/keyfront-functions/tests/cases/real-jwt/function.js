import crypto from 'crypto';
import cf from 'cloudfront';

function decode(part) {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
}

function same(a, b) {
    if (a.length !== b.length) {
        return false;
    }
    let difference = 0;
    for (let i = 0; i < a.length; i++) {
        difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
    }
    return difference === 0;
}

function verify(token, secret) {
    const parts = token.split('.');
    if (parts.length !== 3) {
        throw new Error('malformed');
    }
    if (decode(parts[0]).alg !== 'HS256') {
        throw new Error('algorithm');
    }
    const wanted = crypto.createHmac('sha256', secret).update(parts[0] + '.' + parts[1]).digest('base64url');
    if (!same(wanted, parts[2])) {
        throw new Error('signature');
    }
    const claims = decode(parts[1]);
    const now = Date.now() / 1000;
    if (claims.nbf && now < claims.nbf) {
        throw new Error('not yet');
    }
    if (claims.exp && now >= claims.exp) {
        throw new Error('expired');
    }
    return claims;
}

async function handler(event) {
    const request = event.request;
    const header = request.headers.authorization;
    try {
        if (!header || !/^Bearer /i.test(header.value)) {
            throw new Error('absent');
        }
        const secret = await cf.kvs().get('jwt.secret');
        const claims = verify(header.value.slice(7), secret);
        request.headers['x-user'] = { value: claims.sub };
        delete request.headers.authorization;
        return request;
    } catch (e) {
        console.log('refused: ' + e.message);
        return {
            statusCode: 401,
            statusDescription: 'Unauthorized',
            headers: { 'www-authenticate': { value: 'Bearer' } }
        };
    }
}
