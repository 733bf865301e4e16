function handler(event) {
    let x = 1;
    const y = 2;
    {
        let x = 10;
        const y = 20;
        console.log(x + y);
    }
    console.log(x + y);
    const counters = [];
    for (let i = 0; i < 3; i++) {
        counters.push(() => i);
    }
    console.log(counters.map((f) => f()).join());
    return event.request;
}
