import querystring from 'querystring';

function handler(event) {
    console.log(querystring.stringify({ a: 1, b: 'x y', c: ['1', '2'], d: true, e: '', f: 'é&=' }));
    console.log([querystring.stringify({ n: null, u: undefined, o: {}, nan: NaN }), querystring.stringify({}), querystring.encode({ z: 'q' })].map(String).join(' '));
    console.log(querystring.stringify({ a: 1, b: 2 }, ';', ':'));
    return event.request;
}
