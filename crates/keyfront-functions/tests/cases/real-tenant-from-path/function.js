import cf from 'cloudfront';
import querystring from 'querystring';

const tenants = cf.kvs();

async function handler(event) {
    const request = event.request;
    const parts = request.uri.split('/');
    const raw = await tenants.get(`tenant:${parts[1]}`).catch(() => null);
    if (raw === null) {
        return { statusCode: 404, statusDescription: 'Not Found', headers: {}, body: `no tenant ${parts[1]}` };
    }
    const tenant = querystring.parse(raw);
    request.uri = tenant.root + '/' + parts.slice(2).join('/');
    request.headers['x-tenant'] = { value: tenant.id };
    return request;
}
