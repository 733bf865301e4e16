function handler(event) {
    console.log(['a.b.c'.replaceAll('.', '/'), 'aXbX'.replaceAll(/X/g, ''), 'abab'.replaceAll('a', (m) => m.toUpperCase())].map(String).join(' '));
    return event.request;
}
