function handler(event) {
    let n = 0;
    for (let i = 0; i < 1e9; i++) {
        n += i;
    }
    return event.request;
}
