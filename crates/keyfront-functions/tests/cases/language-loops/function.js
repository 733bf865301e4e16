function handler(event) {
    let out = '';
    for (let i = 0, j = 10; i < j; i += 3, j--) { out += i + ',' + j + ' '; }
    let k = 0;
    while (true) { if (++k > 4) { break; } if (k % 2) { continue; } out += k; }
    do { k--; } while (k > 1);
    for (const key in { a: 1, b: 2 }) { out += key; }
    for (const i in ['x', 'y']) { out += typeof i + i; }
    console.log([out, k].map(String).join(' '));
    return event.request;
}
