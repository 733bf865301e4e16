function handler(event) {
    console.log(typeof event.request.rawQueryString());
    return event.request;
}
