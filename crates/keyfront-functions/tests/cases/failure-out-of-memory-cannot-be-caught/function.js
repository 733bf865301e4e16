function handler(event) {
    const all = [];
    try {
        while (true) { all.push(new Array(10000).fill(1)); }
    } catch (e) {
        all.push(new Array(10000000).fill(1));
    }
    return event.request;
}
