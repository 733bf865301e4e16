function handler(event) {
    const o = Object.freeze({ a: 1 });
    try { o.a = 2; } catch (e) { console.log(e.name); }
    try { o.b = 2; } catch (e) { console.log(e.name); }
    try { delete o.a; } catch (e) { console.log(e.name); }
    console.log([o.a, Object.isFrozen(o), Object.isSealed(o), Object.isExtensible(o)].map(String).join(' '));
    return event.request;
}
