function handler(event) {
    console.log(Array.from('abc').join());
    console.log(Array.from({ length: 3 }, (_, i) => i * 2).join());
    console.log(Array.from([1, 2], String).concat(Array.from(new Uint8Array([7]))).join());
    return event.request;
}
