function handler(event) {
    const c = event.response.cookies.sid;
    console.log([c.value, c.attributes].map(String).join(' '));
    c.attributes += '; SameSite=Strict';
    return event.response;
    return event.request;
}
