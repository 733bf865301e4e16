function handler(event) {
    var tail = (first, ...rest) => rest.length;
    console.log(tail(1, 2, 3));
    return event.request;
}
