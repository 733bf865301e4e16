function handler(event) {
    try { Buffer.alloc(2).readUInt32LE(0); } catch (e) { console.log(e.name); }
    try { Buffer.from(5); } catch (e) { console.log(e.name); }
    try { Buffer.alloc(-1); } catch (e) { console.log(e.name); }
    return event.request;
}
