function handler(event) {
    const s = 'aé€b';
    console.log([s.length, s.codePointAt(2), s.charCodeAt(1), s.slice(0, 1) + s.slice(3), encodeURIComponent(s), encodeURIComponent('\u{1F600}')].map(String).join(' '));
    console.log(['é'.toUpperCase(), 'ß'.length].map(String).join(' '));
    return event.request;
}
