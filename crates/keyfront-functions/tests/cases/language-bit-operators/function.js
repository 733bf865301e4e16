function handler(event) {
    console.log([5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 31, -1 >>> 0, -9 >> 1, 2 ** 32 >>> 0, 1 << 33].map(String).join(' '));
    return event.request;
}
