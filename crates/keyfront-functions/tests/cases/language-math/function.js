function handler(event) {
    console.log([Math.max(1, 5, 3), Math.min(), Math.round(-0.5), Math.round(2.5), Math.trunc(-4.7), Math.sign(-3)].map(String).join(' '));
    console.log([Math.hypot(3, 4), Math.atan2(0, 1), Math.log2(8), Math.fround(5.5), Math.imul(3, 4), Math.clz32(1)].map(String).join(' '));
    console.log([Math.floor(-1.5), Math.ceil(1.2), Math.abs(-7), Math.sqrt(2.25), Math.pow(2, 8), Math.log10(1000)].map(String).join(' '));
    return event.request;
}
