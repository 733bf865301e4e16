function handler(event) {
    function who() { return typeof this; }
    console.log([who(), who.call(5)].map(String).join(' '));
    return event.request;
}
