const table = undefined;
const first = table.first;

function handler(event) {
    return event.request;
}
