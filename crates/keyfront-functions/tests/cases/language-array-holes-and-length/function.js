function handler(event) {
    const a = [1, , 3];
    console.log([a.length, 1 in a, a.join('-'), JSON.stringify(a)].map(String).join(' '));
    a.length = 1;
    a[3] = 'x';
    console.log([a.length, JSON.stringify(a), new Array(3).length, new Array(1, 2).join()].map(String).join(' '));
    return event.request;
}
