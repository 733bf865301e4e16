import querystring from 'querystring';

function handler(event) {
    console.log([JSON.stringify(querystring.parse('a:1;b:2', ';', ':')), JSON.stringify(querystring.decode('x=1'))].map(String).join(' '));
    return event.request;
}
