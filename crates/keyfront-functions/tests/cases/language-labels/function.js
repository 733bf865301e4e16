function handler(event) {
    let found = '';
    outer: for (let i = 0; i < 5; i++) {
        for (let j = 0; j < 5; j++) {
            if (j === 3) { continue outer; }
            if (i === 2 && j === 1) { found = i + '/' + j; break outer; }
        }
    }
    console.log(found);
    return event.request;
}
