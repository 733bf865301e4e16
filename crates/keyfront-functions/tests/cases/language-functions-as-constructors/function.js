function handler(event) {
    function Point(x, y) { this.x = x; this.y = y; }
    Point.prototype.sum = function () { return this.x + this.y; };
    const p = new Point(3, 4);
    console.log([p.sum(), p instanceof Point, p.constructor === Point, Object.getPrototypeOf(p) === Point.prototype].map(String).join(' '));
    return event.request;
}
