function handler(event) {
    var n = 2;
    console.log(`n is ${n}`);
    return event.request;
}
