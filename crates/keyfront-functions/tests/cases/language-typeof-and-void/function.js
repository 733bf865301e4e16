function handler(event) {
    console.log([typeof undefined, typeof null, typeof 1, typeof 'a', typeof true, typeof {}, typeof [], typeof handler, typeof Symbol('s'), typeof nowhere].map(String).join(' '));
    console.log([void 0, typeof void 1].map(String).join(' '));
    return event.request;
}
