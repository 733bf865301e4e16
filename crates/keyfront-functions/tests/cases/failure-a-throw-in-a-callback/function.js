function handler(event) {
    ['a'].map((x) => x.nope.y);
    return event.request;
}
