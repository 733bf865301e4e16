function handler(event) {
    const m = /(?<year>\d{4})-(?<month>\d\d)/.exec('on 2024-05');
    console.log([m.groups.year, m.groups.month, m.index].map(String).join(' '));
    console.log(['$12 and 34'.match(/(?<=\$)\d+/)[0], 'a1 b2'.match(/(?<!a)\d/)[0], /foo(?=bar)/.test('foobar'), /foo(?!bar)/.test('foobar')].map(String).join(' '));
    console.log('2024-05'.replace(/(?<y>\d+)-(?<m>\d+)/, '$<m>.$<y>'));
    return event.request;
}
