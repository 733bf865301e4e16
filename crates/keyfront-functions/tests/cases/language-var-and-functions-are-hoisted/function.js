function handler(event) {
    console.log([typeof late, typeof declared].map(String).join(' '));
    var late = 1;
    function declared() {}
    console.log(typeof late);
    return event.request;
}
