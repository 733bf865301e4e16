function handler(event) {
    const o = { name: 'o' };
    o.self = o;
    console.log(o);
    return event.request;
}
