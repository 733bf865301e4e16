function handler(event) {
    const s = ' /a/B/c ';
    console.log([s.trim(), s.trimStart() + '|', s.trimEnd() + '|', s.toUpperCase().trim(), s.indexOf('B'), s.length].map(String).join(' '));
    console.log(['abc'.charAt(1), 'abc'.charCodeAt(1), 'abc'.codePointAt(2), String.fromCharCode(97, 98), 'abc'[2]].map(String).join(' '));
    console.log(['abc'.startsWith('ab'), 'abc'.endsWith('bc'), 'abc'.includes('bd'), 'ab'.repeat(3), '5'.padStart(3, '0'), '5'.padEnd(3, '-') + '|'].map(String).join(' '));
    console.log(['a-b-c'.split('-').join(), 'a-b-c'.split('-', 2).join(), 'abc'.split('').join(), 'abcdef'.slice(-3, -1), 'abcdef'.substring(4, 1), 'abcdef'.substr(-3, 2)].map(String).join(' '));
    console.log(['a-b-a'.lastIndexOf('a'), 'x'.concat('y', 1), 'b'.localeCompare ? 'has localeCompare' : 'no localeCompare'].map(String).join(' '));
    return event.request;
}
