function handler(event) {
    const b = Buffer.from('abc');
    b.slice(1).fill('z');
    console.log(b.toString());
    return event.request;
}
