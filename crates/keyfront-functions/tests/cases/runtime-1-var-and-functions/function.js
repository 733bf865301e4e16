function handler(event) {
    var n = 2;
    var add = function (a) { return a + n; };
    console.log(add(3));
    return event.request;
}
