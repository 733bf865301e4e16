function handler(event) {
    JSON.parse("{'a':1}");
    return event.request;
}
