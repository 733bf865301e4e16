while (true) { }

function handler(event) {
    return event.request;
}
