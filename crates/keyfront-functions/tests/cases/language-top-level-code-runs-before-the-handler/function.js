console.log('top level');
var calls = 0;
const table = { '/a': '/b' };

function handler(event) {
    calls++;
    console.log(['handler', calls].map(String).join(' '));
    event.request.uri = table[event.request.uri] ?? '/none';
    return event.request;
}
