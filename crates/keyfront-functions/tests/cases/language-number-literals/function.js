function handler(event) {
    console.log([1_000_000, 0xff, 0o17, 0b101, 1e3, .5, 5., 0xFF_FF].map(String).join(' '));
    return event.request;
}
