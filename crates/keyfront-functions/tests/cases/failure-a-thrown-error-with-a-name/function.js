function handler(event) {
    const e = new Error('custom text');
    e.name = 'TenantError';
    throw e;
    return event.request;
}
