// Sends viewers of the start page to the language that they prefer, of those that the site has.
const LANGUAGES = ['en', 'de', 'fr'];

function handler(event) {
    const request = event.request;
    if (request.uri !== '/') {
        return request;
    }
    const header = request.headers['accept-language'];
    return {
        statusCode: 302,
        headers: {
            location: { value: '/' + preferred(header ? header.value : '') + '/' },
            'cache-control': { value: 'no-store' },
        },
    };
}

function preferred(header) {
    let best = LANGUAGES[0];
    let weight = 0;
    header.split(',').forEach((part) => {
        const fields = part.trim().split(';q=');
        const language = fields[0].split('-')[0].toLowerCase();
        const quality = fields.length > 1 ? Number(fields[1]) : 1;
        if (quality > weight && LANGUAGES.includes(language)) {
            best = language;
            weight = quality;
        }
    });
    return best;
}
