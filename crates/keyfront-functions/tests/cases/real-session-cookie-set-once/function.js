const crypto = require('crypto');

function handler(event) {
    const response = event.response;
    if (event.request.cookies.sid === undefined) {
        const id = crypto.createHash('sha256').update(event.context.requestId + event.viewer.ip).digest('base64url').slice(0, 22);
        response.cookies.sid = { value: id, attributes: `Path=/; HttpOnly; Secure; Expires=${new Date(Date.now() + 864e5).toUTCString()}` };
    }
    return response;
}
