function handler(event) {
    const greeting = 'schön';
    console.log([greeting, 'ж', '日本語'.length, "\x41\u0042"].map(String).join(' '));
    return event.request;
}
