function handler(event) {
    console.log(event.request.querystring.q.value);
    return event.request;
}
