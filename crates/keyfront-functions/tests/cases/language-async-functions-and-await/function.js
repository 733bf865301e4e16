async function handler(event) {
    async function twice(x) { return x * 2; }
    const quick = async (x) => { const y = await twice(x); return y + 1; };
    const a = await twice(2), b = await quick(3);
    console.log([a, b].map(String).join(' '));
    const plain = await 5;
    console.log(plain);
    try { await Promise.reject(new Error('no')); } catch (e) { console.log(['caught', e.message].map(String).join(' ')); }
    return event.request;
}
