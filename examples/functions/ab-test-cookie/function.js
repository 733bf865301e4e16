// Tells the viewer in a cookie which group it is in; see the function `ab-test`.
function handler(event) {
    const response = event.response;
    const group = event.request.headers['x-group'];
    if (group) {
        response.cookies.group = { value: group.value, attributes: 'Path=/; Max-Age=2592000; Secure; HttpOnly' };
    }
    return response;
}
