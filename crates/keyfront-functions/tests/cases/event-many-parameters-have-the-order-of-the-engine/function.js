function handler(event) {
    const query = event.request.querystring;
    const parts = [];
    for (const name in query) {
        parts.push(name + '=' + query[name].value);
    }
    return { statusCode: 302, headers: { location: { value: '/new?' + parts.join('&') } } };
}
