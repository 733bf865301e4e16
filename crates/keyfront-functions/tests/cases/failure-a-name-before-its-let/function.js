function handler(event) {
    console.log(a);
    let a = 1;
    return event.request;
}
