function handler(event) {
    const request = event.request;
    for (const name of Object.keys(request.headers)) {
        console.log(name);
    }
    return request;
}
