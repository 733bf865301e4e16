import querystring from 'querystring';

function handler(event) {
    console.log([querystring.escape('a b&c/é!\'()*~'), querystring.unescape('a%20b%26%C3%A9+')].map(String).join(' '));
    return event.request;
}
