function handler(event) {
    const a = 1, key = 'b';
    const o = { a, [key]: 2, [key + 'c']: 3, sum() { return this.a + this.b + this.bc; } };
    console.log([Object.keys(o).join(), o.sum()].map(String).join(' '));
    return event.request;
}
