var crypto = require('crypto');

var SECRET = 'k3y';

function handler(event) {
    var request = event.request;
    var query = request.querystring;
    if (!query.expires || !query.token) {
        return { statusCode: 403, statusDescription: 'Forbidden' };
    }
    var expires = parseInt(query.expires.value, 10);
    if (isNaN(expires) || expires * 1000 < Date.now()) {
        return { statusCode: 410, statusDescription: 'Gone' };
    }
    var wanted = crypto.createHmac('sha1', SECRET).update(request.uri + '|' + query.expires.value).digest('hex');
    if (wanted !== query.token.value) {
        return { statusCode: 403, statusDescription: 'Forbidden' };
    }
    delete query.token;
    delete query.expires;
    return request;
}
