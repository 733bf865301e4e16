function handler(event) {
    const box = {
        held: 1,
        get twice() { return this.held * 2; },
        set twice(v) { this.held = v / 2; }
    };
    box.twice = 10;
    console.log([box.held, box.twice].map(String).join(' '));
    console.log(Object.getOwnPropertyDescriptor(box, 'twice').get !== undefined);
    return event.request;
}
