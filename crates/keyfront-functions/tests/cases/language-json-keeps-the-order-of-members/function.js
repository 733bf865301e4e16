function handler(event) {
    const o = JSON.parse('{"z":1,"a":2,"m":3}');
    o.b = 4;
    console.log([JSON.stringify(o), Object.keys(o).join()].map(String).join(' '));
    return event.request;
}
