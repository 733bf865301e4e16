function handler(event) {
    const query = event.request.querystring;
    const drop = /^(utm_|gclid$|fbclid$)/;
    const parts = [];
    Object.keys(query).sort().forEach((name) => {
        if (drop.test(name)) {
            return;
        }
        const values = query[name].multiValue ? query[name].multiValue : [query[name]];
        values.forEach((v) => parts.push(name.toLowerCase() + '=' + v.value));
    });
    event.request.querystring = parts.join('&');
    return event.request;
}
