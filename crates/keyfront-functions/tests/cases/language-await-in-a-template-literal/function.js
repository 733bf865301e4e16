async function handler(event) {
    const text = `a${await Promise.resolve(1)}b`;
    console.log(text);
    return event.request;
}
