function handler(event) {
    const F = handler.constructor;
    return F('return 1')();
}
