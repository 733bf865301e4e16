async function handler(event) {
    await Promise.resolve();
    return undefined;
    return event.request;
}
