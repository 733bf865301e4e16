function handler(event) {
    const name = 'edge', n = 3;
    console.log(`Hello ${name}, ${n * 2} and ${`inner ${n}`}`);
    console.log(`two
    lines`);
    console.log(`\u0041\t|\`|\${}`);
    return event.request;
}
