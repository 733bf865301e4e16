function deeper(n) {
    return deeper(n + 1) + 1;
}

function handler(event) {
    deeper(0);
    return event.request;
}
