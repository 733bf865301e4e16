module.exports = () => globalThis.keyfront.kill();
