function handler(event) {
    function tag(parts) {
        const values = Array.prototype.slice.call(arguments, 1);
        return parts.join('_') + '|' + values.join() + '|' + parts.length;
    }
    console.log(tag`a${1}b${2}c`);
    console.log(tag``);
    return event.request;
}
