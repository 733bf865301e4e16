async function handler(event) {
    const v = await Promise.resolve(undefined);
    return v.uri;
    return event.request;
}
