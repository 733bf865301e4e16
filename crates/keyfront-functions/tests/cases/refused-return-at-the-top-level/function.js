return 1;

function handler(event) {
    return event.request;
}
