function handler(event) {
    throw new Error('no such tenant');
    return event.request;
}
