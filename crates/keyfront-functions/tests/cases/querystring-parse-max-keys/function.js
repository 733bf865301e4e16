import querystring from 'querystring';

function handler(event) {
    console.log(JSON.stringify(querystring.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 })));
    return event.request;
}
