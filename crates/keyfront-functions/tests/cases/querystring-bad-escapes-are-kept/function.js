import querystring from 'querystring';

function handler(event) {
    console.log(JSON.stringify(querystring.parse('a=%E9%zz&b=%')));
    return event.request;
}
