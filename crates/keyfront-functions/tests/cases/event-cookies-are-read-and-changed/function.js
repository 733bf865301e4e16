function handler(event) {
    const c = event.request.cookies;
    console.log([c.session.value, c.multi.multiValue.length].map(String).join(' '));
    c.seen = { value: '1' };
    delete c.session;
    return event.request;
}
