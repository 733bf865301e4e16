async function handler(event) {
    await new Promise(() => {});
    return event.request;
}
