function handler(event) {
    console.log(event.request.rawQueryString());
    return event.request;
}
