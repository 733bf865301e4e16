async function handler(event) {
    const v = await { then(resolve) { resolve('from thenable'); } };
    console.log(v);
    return event.request;
}
