const OFFERED = ['en', 'de', 'fr'];

function choose(header) {
    return header.split(',')
        .map((part, i) => {
            const bits = part.trim().split(';q=');
            return { tag: bits[0].toLowerCase().split('-')[0], q: bits.length > 1 ? Number(bits[1]) : 1, i };
        })
        .filter((x) => OFFERED.indexOf(x.tag) >= 0)
        .sort((a, b) => b.q - a.q || a.i - b.i)
        .map((x) => x.tag)[0] || OFFERED[0];
}

function handler(event) {
    const request = event.request;
    const header = request.headers['accept-language'];
    request.uri = '/' + choose(header ? header.value : '') + request.uri;
    return request;
}
