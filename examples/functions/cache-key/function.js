// Makes one object in the cache of requests that differ in nothing that matters: parameters of campaigns go, and the rest
// is in one order.
const IGNORED = ['fbclid', 'gclid', 'msclkid'];

function handler(event) {
    const request = event.request;
    const sorted = {};
    Object.keys(request.querystring).sort().forEach((name) => {
        if (!name.startsWith('utm_') && !IGNORED.includes(name)) {
            sorted[name] = request.querystring[name];
        }
    });
    request.querystring = sorted;
    return request;
}
