function handler(event) {
    const r = Object.assign({}, event.request);
    r.uri = '/copied';
    return r;
    return event.request;
}
