function handler(event) {
    const re = /a/y;
    console.log([re.test('ba'), re.lastIndex].map(String).join(' '));
    re.lastIndex = 1;
    console.log([re.test('ba'), re.lastIndex].map(String).join(' '));
    return event.request;
}
