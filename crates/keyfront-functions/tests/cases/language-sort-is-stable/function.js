function handler(event) {
    const rows = ['b1', 'a1', 'b2', 'a2', 'c1', 'a3'];
    console.log(rows.sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0)).join());
    return event.request;
}
