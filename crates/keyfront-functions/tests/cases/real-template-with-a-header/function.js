function handler(event) {
    const country = event.request.headers['cloudfront-viewer-country'].value;
    event.request.uri = `/${country.toLowerCase()}${event.request.uri}`;
    return event.request;
}
