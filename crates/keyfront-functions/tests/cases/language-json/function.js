function handler(event) {
    console.log(JSON.stringify({ a: [1, 'x', null, undefined, true], b: undefined, c: () => 1, d: { e: NaN } }));
    console.log([JSON.stringify('é"\n\u2028'), JSON.stringify({ a: 1, b: [2] }, null, 2), JSON.stringify([1, 2], null, '-')].map(String).join(' '));
    console.log([JSON.stringify({ a: 1, b: 2, c: 3 }, ['a', 'c']), JSON.stringify({ a: 1 }, (k, v) => (k === 'a' ? v + 1 : v)), JSON.stringify({ toJSON() { return 'me'; } })].map(String).join(' '));
    const parsed = JSON.parse('{"a":[1,{"b":null}],"c":"\\u0041"}', (k, v) => (k === 'c' ? v + '!' : v));
    console.log([parsed.a[1].b, parsed.c, JSON.stringify(undefined), JSON.parse(' 1 ')].map(String).join(' '));
    try { JSON.parse('{a:1}'); } catch (e) { console.log(e.name); }
    const loop = {};
    loop.self = loop;
    try { JSON.stringify(loop); } catch (e) { console.log(e.name); }
    return event.request;
}
