const x = await Promise.resolve(1);

function handler(event) {
    return event.request;
}
