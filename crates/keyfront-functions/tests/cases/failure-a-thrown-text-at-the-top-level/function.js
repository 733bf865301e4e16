throw 'no';

function handler(event) {
    return event.request;
}
