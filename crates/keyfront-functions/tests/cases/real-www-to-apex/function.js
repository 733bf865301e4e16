function handler(event) {
    var host = event.request.headers.host.value;
    if (host.slice(0, 4) !== 'www.') {
        return event.request;
    }
    var qs = event.request.querystring;
    var pairs = [];
    for (var key in qs) {
        if (qs[key].multiValue) {
            qs[key].multiValue.forEach(function (v) { pairs.push(key + '=' + v.value); });
        } else {
            pairs.push(qs[key].value === '' ? key : key + '=' + qs[key].value);
        }
    }
    var query = pairs.length ? '?' + pairs.join('&') : '';
    return {
        statusCode: 301,
        statusDescription: 'Moved Permanently',
        headers: { location: { value: 'https://' + host.slice(4) + event.request.uri + query } }
    };
}
