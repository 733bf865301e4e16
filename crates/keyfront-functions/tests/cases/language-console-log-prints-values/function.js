function handler(event) {
    console.log('text');
    console.log(42);
    console.log(-0);
    console.log(1e21);
    console.log(true);
    console.log(null);
    console.log(undefined);
    console.log({ a: 1, b: 'two', c: [1, 'x', { d: null }] });
    console.log([1, 'a', [2]]);
    console.log(new Date(0));
    console.log(new Error('boom'));
    console.log(function named() {});
    console.log('a\nb');
    console.log(event.viewer);
    return event.request;
}
