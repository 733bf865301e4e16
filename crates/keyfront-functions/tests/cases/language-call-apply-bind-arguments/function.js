function handler(event) {
    function show() { return this.tag + Array.prototype.slice.call(arguments).join('') + arguments.length; }
    const o = { tag: 't' };
    console.log([show.call(o, 1, 2), show.apply(o, [3, 4, 5]), show.bind(o, 6)(7), show.length, show.name].map(String).join(' '));
    return event.request;
}
