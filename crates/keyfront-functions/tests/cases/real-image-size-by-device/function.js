function handler(event) {
    const request = event.request;
    const is = (name) => {
        const header = request.headers['cloudfront-is-' + name + '-viewer'];
        return header !== undefined && header.value === 'true';
    };
    const width = is('mobile') ? 480 : is('tablet') ? 1024 : 1920;
    const m = /^\/img\/(.+)\.(jpe?g|png)$/.exec(request.uri);
    if (m) {
        const webp = request.headers.accept && request.headers.accept.value.includes('image/webp');
        request.uri = `/img/${m[1]}-${width}.${webp ? 'webp' : m[2]}`;
    }
    return request;
}
