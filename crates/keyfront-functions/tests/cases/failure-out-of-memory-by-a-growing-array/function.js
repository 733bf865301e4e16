function handler(event) {
    const all = [];
    while (true) { all.push('x'.repeat(4096) + all.length); }
    return event.request;
}
