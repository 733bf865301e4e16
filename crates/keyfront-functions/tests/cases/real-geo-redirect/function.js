const SITES = { DE: 'de', AT: 'de', FR: 'fr' };

function handler(event) {
    const request = event.request;
    const country = request.headers['cloudfront-viewer-country'];
    const site = country ? SITES[country.value] : undefined;
    if (!site || request.uri.startsWith(`/${site}/`)) {
        return request;
    }
    return {
        statusCode: 302,
        statusDescription: 'Found',
        headers: { location: { value: `https://${request.headers.host.value}/${site}${request.uri}` }, 'cache-control': { value: 'no-store' } }
    };
}
