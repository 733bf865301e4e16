function handler(event) {
    const o = Object.assign({ a: 1 }, { b: 2 }, null, { a: 3 });
    console.log([Object.keys(o).join(), Object.values(o).join(), JSON.stringify(Object.entries(o))].map(String).join(' '));
    const p = Object.create({ inherited: true }, { own: { value: 1, enumerable: true } });
    console.log([p.inherited, JSON.stringify(p), Object.getOwnPropertyNames(p).join()].map(String).join(' '));
    console.log(JSON.stringify(Object.getOwnPropertyDescriptors({ x: 1 })));
    return event.request;
}
