function handler(event) {
    throw new Error();
    return event.request;
}
