function handler(event) {
    const a = Math.random(), b = Math.random();
    console.log([a >= 0 && a < 1, a !== b].map(String).join(' '));
    return event.request;
}
