function handler(event) {
    try { throw new Error('first'); } finally { throw new Error('second'); }
    return event.request;
}
