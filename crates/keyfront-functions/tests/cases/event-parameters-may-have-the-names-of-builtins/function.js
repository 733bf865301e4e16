function handler(event) {
    const q = event.request.querystring;
    console.log([Object.keys(q).sort().join(), q.constructor.value, q.toString.value].map(String).join(' '));
    return event.request;
}
