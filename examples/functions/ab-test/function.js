// Puts a share of the viewers into group b, which the path of the origin then has in front, and keeps each viewer's group
// in a cookie. The share, in percent, is in a key value store, so that it changes without a deployment.
//
// The cookie is set by the function `ab-test-cookie` on the viewer's response, which reads the same header.
import cf from 'cloudfront';
import crypto from 'crypto';

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    let group = request.cookies.group ? request.cookies.group.value : '';
    if (group !== 'a' && group !== 'b') {
        const share = await shareOfB();
        group = bucketOf(event.viewer.ip) < share ? 'b' : 'a';
    }
    request.headers['x-group'] = { value: group };
    request.uri = '/' + group + request.uri;
    return request;
}

async function shareOfB() {
    const isSet = await store.exists('share-of-b');
    const share = isSet ? await store.get('share-of-b') : '0';
    return Number(share);
}

// 0 to 99, and always the same for one viewer.
function bucketOf(text) {
    return parseInt(crypto.createHash('sha256').update(text).digest('hex').slice(0, 8), 16) % 100;
}
