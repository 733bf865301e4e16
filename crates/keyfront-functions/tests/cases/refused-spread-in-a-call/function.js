function handler(event) {
    const request = event.request;
    console.log(Math.max(...[1, 2]));
    return request;
}
