function handler(event) {
    console.log();
    console.log('');
    console.log({});
    console.log([]);
    console.log([undefined, null, NaN]);
    console.log({ f: function () {}, s: Symbol('x'), u: undefined });
    console.log(/a+/g);
    console.log(Symbol('y'));
    console.log(() => 1);
    console.log(new Uint8Array([1, 2]));
    console.log(Buffer.from('ab'));
    console.log([['deep', { er: [1] }], 'it\'s']);
    return event.request;
}
