function handler(event) {
    console.log(event.viewer.ip);
    return event.request;
}
