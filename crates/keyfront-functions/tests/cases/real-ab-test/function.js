function handler(event) {
    const request = event.request;
    const seen = request.cookies.experiment;
    let group = seen ? seen.value : undefined;
    if (group !== 'a' && group !== 'b') {
        let sum = 0;
        const ip = event.viewer.ip;
        for (let i = 0; i < ip.length; i++) {
            sum = (sum * 31 + ip.charCodeAt(i)) % 1000;
        }
        group = sum < 500 ? 'a' : 'b';
        request.headers['x-experiment-new'] = { value: 'true' };
    }
    request.headers['x-experiment'] = { value: group };
    if (group === 'b') {
        request.uri = '/b' + request.uri;
    }
    return request;
}
