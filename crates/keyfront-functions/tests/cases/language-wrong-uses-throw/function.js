function handler(event) {
    const tries = [
        () => undefined.x,
        () => null.x,
        () => undefined(),
        () => ({}).nope(),
        () => new (() => 1)(),
        () => [].reduce((a, b) => a),
        () => 'a'.repeat(-1),
        () => new Array(-1),
        () => nowhere,
        () => Symbol() + 1,
        () => 1 in 'x',
        () => ({}) instanceof 5,
        () => Object.defineProperty(1, 'x', {}),
        () => JSON.parse('')
    ];
    for (let i = 0; i < tries.length; i++) {
        try { tries[i](); console.log(i + ' passed'); } catch (e) { console.log(i + ' ' + e.name); }
    }
    return event.request;
}
