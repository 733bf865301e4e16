function handler(event) {
    const f = new Function('return 1');
    return f();
}
