function handler(event) {
    const o = { a: 1, b: 2 };
    console.log(['a' in o, delete o.a, 'a' in o, delete o.none, Object.keys(o).join()].map(String).join(' '));
    console.log([0 in ['x'], 'length' in [], 'toString' in o].map(String).join(' '));
    return event.request;
}
