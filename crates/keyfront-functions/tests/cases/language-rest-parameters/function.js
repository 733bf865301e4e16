function handler(event) {
    function tail(first, ...rest) { return first + ':' + rest.length + ':' + rest.join('-'); }
    console.log([tail('a'), tail('a', 'b', 'c'), ((...all) => all.length)(1, 2, 3)].map(String).join(' '));
    return event.request;
}
