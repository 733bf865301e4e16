function handler(event) {
    let x = 2;
    x **= 5;
    console.log([2 ** 10, 2 ** 3 ** 2, (-2) ** 2, x].map(String).join(' '));
    return event.request;
}
