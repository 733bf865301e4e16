function handler(event) {
    const parent = { inherited: 1 };
    const child = Object.create(parent);
    child.own = 2;
    const seen = [];
    for (const key in child) { seen.push(key); }
    console.log([seen.sort().join(), Object.keys(child).join(), child.hasOwnProperty('inherited')].map(String).join(' '));
    return event.request;
}
