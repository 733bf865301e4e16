function handler(event) {
    console.log([/^\/(\w+)\/(\d+)$/.exec('/item/42').slice(1).join(), /x/.test('abc'), 'a1b22'.match(/\d+/g).join(), 'a1b2'.search(/\d/)].map(String).join(' '));
    console.log(['2024-05-01'.replace(/(\d+)-(\d+)-(\d+)/, '$3/$2/$1'), 'aaa'.replace('a', 'b'), 'a.b.c'.split(/\./).join('|'), 'abc'.replace(/./g, (c, i) => c + i)].map(String).join(' '));
    const re = /o/g;
    const at = [];
    while (re.exec('foo boo') !== null) { at.push(re.lastIndex); }
    console.log([at.join(), re.source, re.flags, re.global, String(/a\/b/i)].map(String).join(' '));
    console.log([/a.c/i.test('ABC'), /^b/m.test('a\nb'), /[^\s]+$/.exec('one two')[0], /(a)|(b)/.exec('b')[1], 'x'.match(/y/)].map(String).join(' '));
    return event.request;
}
