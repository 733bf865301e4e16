function handler(event) {
    const o = {};
    o.o = o;
    JSON.stringify(o);
    return event.request;
}
