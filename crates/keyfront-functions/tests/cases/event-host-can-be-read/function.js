function handler(event) {
    console.log(event.request.headers.host.value);
    return event.request;
}
