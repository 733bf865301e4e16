import querystring from 'querystring';

function handler(event) {
    console.log(JSON.stringify(querystring.parse('a=1&b=2&a=3&empty=&flag&sp=x+y&enc=%C3%A9%26')));
    console.log([JSON.stringify(querystring.parse('')), JSON.stringify(querystring.parse('&&a=1&')), JSON.stringify(querystring.parse('=v&a=b=c'))].map(String).join(' '));
    return event.request;
}
