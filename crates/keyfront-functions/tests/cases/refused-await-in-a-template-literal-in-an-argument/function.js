async function handler(event) {
    const request = event.request;
    console.log(`${await Promise.resolve(1)}`);
    return request;
}
