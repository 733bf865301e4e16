function handler(event) {
    const request = event.request;
    const o = {};
    #x in o;
    return request;
}
