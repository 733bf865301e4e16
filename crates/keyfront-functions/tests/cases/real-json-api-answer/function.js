function handler(event) {
    const out = { method: event.request.method, path: event.request.uri, query: {} };
    Object.keys(event.request.querystring).forEach((k) => {
        out.query[decodeURIComponent(k)] = decodeURIComponent(event.request.querystring[k].value);
    });
    return {
        statusCode: 200,
        statusDescription: 'OK',
        headers: { 'content-type': { value: 'application/json' } },
        body: JSON.stringify(out)
    };
}
