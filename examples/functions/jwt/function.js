// Lets through requests with a JSON Web Token that was signed with HS256 and the secret of the store's key `jwt-secret`,
// and has not expired. The token comes in the Authorization header. Its subject goes on to the origin in x-user.
import cf from 'cloudfront';
import crypto from 'crypto';

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    // What a viewer says of itself is not believed.
    delete request.headers['x-user'];
    const secret = await store.get('jwt-secret');
    const claims = claimsOf(bearer(request), secret);
    if (!claims) {
        return { statusCode: 401, headers: { 'www-authenticate': { value: 'Bearer' } } };
    }
    request.headers['x-user'] = { value: String(claims.sub) };
    return request;
}

function bearer(request) {
    const header = request.headers.authorization;
    return header && header.value.startsWith('Bearer ') ? header.value.slice(7) : '';
}

function claimsOf(token, secret) {
    const parts = token.split('.');
    if (parts.length !== 3) {
        return undefined;
    }
    const signed = parts[0] + '.' + parts[1];
    const expected = crypto.createHmac('sha256', secret).update(signed).digest('base64url');
    if (!same(expected, parts[2])) {
        return undefined;
    }
    const header = decoded(parts[0]);
    const claims = decoded(parts[1]);
    const now = Math.floor(Date.now() / 1000);
    return header.alg === 'HS256' && claims.exp > now && !(claims.nbf > now) ? claims : undefined;
}

function decoded(part) {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
}

// Takes the same time wherever the texts differ.
function same(one, other) {
    if (one.length !== other.length) {
        return false;
    }
    let difference = 0;
    for (let i = 0; i < one.length; i++) {
        difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
    }
    return difference === 0;
}
