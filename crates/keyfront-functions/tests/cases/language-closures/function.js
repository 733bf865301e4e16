function handler(event) {
    function makeCounter() { let n = 0; return { up: () => ++n, down: () => --n }; }
    const a = makeCounter(), b = makeCounter();
    a.up(); a.up(); b.down();
    console.log([a.up(), b.down()].map(String).join(' '));
    return event.request;
}
