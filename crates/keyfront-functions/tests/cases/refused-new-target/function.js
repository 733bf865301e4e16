function handler(event) {
    const request = event.request;
    console.log(new.target);
    return request;
}
