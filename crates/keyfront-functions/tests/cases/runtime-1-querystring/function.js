function handler(event) {
    var qs = require('querystring');
    console.log([qs.stringify({ a: '1', b: ['2', '3'] }), qs.parse('x=1&y=2').y].map(String).join(' '));
    return event.request;
}
