function handler(event) {
    const first = Date.now();
    let n = 0;
    for (let i = 0; i < 20000; i++) { n += i; }
    console.log([first, Date.now() - first, new Date().getTime() - first, new Date().toISOString()].map(String).join(' '));
    return event.request;
}
