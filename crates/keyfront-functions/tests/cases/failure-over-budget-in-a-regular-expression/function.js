function handler(event) {
    /^(a+)+$/.test('a'.repeat(40) + '!');
    return event.request;
}
