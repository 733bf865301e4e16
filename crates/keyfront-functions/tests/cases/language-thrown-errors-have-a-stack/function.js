function handler(event) {
    try { throw new Error('x'); } catch (e) { console.log(typeof e.stack); }
    return event.request;
}
