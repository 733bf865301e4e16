function handler(event) {
    const missing = event.request.headers['x-none'];
    console.log([missing ?? 'default', 0 ?? 1, '' ?? 1, null ?? 'n', (undefined ?? null) ?? 'last'].map(String).join(' '));
    return event.request;
}
