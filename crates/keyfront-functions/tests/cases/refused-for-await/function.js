async function handler(event) {
    const request = event.request;
    for await (const x of []) { }
    return request;
}
